/** A running controller keeps what it read, found, wrote and signed. Whatever happens, it must serve what a fresh one would. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import { allDocuments, type PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import { type Reconciled, type ReconcileParts, reconcile } from "../../controller/reconcile/reconcile.ts";
import { ServedModel } from "../../controller/reconcile/served-model.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { GitSource } from "../../controller/source/git-source.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { StateCache } from "../../controller/state/state-cache.ts";
import { runOk } from "../support/run-command.ts";
import { seeded } from "./random-history.ts";

/** More than one role lists. */
const TENANTS = 300;
const COMMITS = 24;
const BEGIN = 1_790_000_000;
const MINUTE = 60;

type Files = Map<string, string | null>;

/** Whole contents of the files that each commit changes; `null` deletes one. After a commit with a mistake it is undone. */
function history(seed: number): Files[] {
  const random = seeded(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const oneOf = <T>(...choices: readonly T[]): T => choices[below(choices.length)] as T;
  const minors = [0, 0];
  const version = (product: number, minor: number, more = ""): [string, string] => [
    `products/p-${product}/versions/1.${minor}.0.yaml`,
    `version: 1.${minor}.0\n${more}artifacts:\n  - {platform: linux-x64, format: binary, size: 5, ` +
      `url: artifacts/p-${minor}, sha256: "${String(minor).padStart(64, "0")}"}\n`,
  ];
  const channel = (product: number, name: string): [string, string] => [
    `products/p-${product}/channels/${name}.yaml`,
    `version: 1.${minors[product]}.0\n`,
  ];
  const halted = (of: number): [string, string] => {
    const [path, text] = channel(of, "stable");
    const version = text.replace("version: ", "").trim();
    return [
      path,
      `${text}halted: {version: ${version}, reason: ${oneOf("reports are lost", "it crashes")}}\n`,
    ];
  };
  // Who goes for good is written down, and nobody takes that name again.
  const removed = new Set<string>();
  let defaultChannel = "stable";
  const fleet = (): [string, string] => {
    const gone = [...removed].map((name) => `    ${name}: {reason: they left}\n`).join("");
    const listed = gone === "" ? "" : `removed:\n  tenants:\n${gone}`;
    return ["fleet.yaml", `schemaVersion: 1\ndefaultChannel: ${defaultChannel}\n${listed}`];
  };
  const tenant = (): [string, string | null][] => {
    let name = below(TENANTS + 20);
    while (removed.has(`t-${name}`)) name = below(TENANTS + 20);
    const said = oneOf(
      "channel: stable\n",
      "channel: stable\nautoUpdate: false\n",
      "channel: beta\nsites: {north: {paused: true}}\n",
      "products: {p-1: {pin: {version: 1.0.0, reason: certified}}}\n",
      `groups: {canaries: {devices: [d-${name}]}}\n`,
      null,
    );
    const path = `tenants/t-${name}.yaml`;
    if (said !== null) return [[path, said]];
    if (!state.has(path)) return [[path, "channel: beta\n"]];
    removed.add(`t-${name}`);
    return [[path, null], fleet()];
  };
  const product = (): number => below(minors.length);
  const release = (of: number): [string, string][] => {
    minors[of] = (minors[of] ?? 0) + 1;
    return [version(of, minors[of]), channel(of, "beta")];
  };
  const changes = oneOf<() => [string, string | null][]>;
  const good = () =>
    changes(
      tenant,
      () => Array.from({ length: 12 }, tenant).flat(),
      () => [channel(product(), oneOf("stable", "a", "a-b"))],
      () => [halted(product())],
      () => release(product()),
      () => {
        defaultChannel = oneOf("stable", "beta");
        return [fleet()];
      },
      () => [["README.md", `${below(100)}\n`]],
    )();
  const mistake = () =>
    changes(
      () => [["tenants/t-1.yaml", oneOf("channel: nowhere\n", "not: [yaml\n", "{}\n")]],
      () => ["t-2", "t-280"].map((name) => [`tenants/${name}.yaml`, "devices: {d-same: {paused: true}}\n"]),
      () => [[`products/p-${product()}/versions/1.0.0.yaml`, null]],
      () => [["products/p-0/channels/beta.yaml", "version: 9.9.9\n"]],
      () => [[`products/p-${product()}/product.yaml`, oneOf(null, "descriptoin: x\n")]],
    )();
  const first: Files = new Map([fleet()]);
  for (const of of minors.keys()) {
    first.set(`products/p-${of}/product.yaml`, "description: a product\n");
    for (const [path, text] of [version(of, 0), channel(of, "stable"), channel(of, "beta")])
      first.set(path, text);
  }
  for (let index = 0; index < TENANTS; index++) first.set(`tenants/t-${index}.yaml`, "channel: stable\n");
  const state = new Map(first);
  const commits: Files[] = [first];
  while (commits.length < COMMITS) {
    if (below(4) === 0) {
      const files = new Map(mistake());
      commits.push(files, new Map([...files.keys()].map((path) => [path, state.get(path) ?? null])));
    } else {
      const files = new Map(good());
      for (const [path, text] of files) state.set(path, text);
      commits.push(files);
    }
  }
  return commits;
}

function fastImport(commits: readonly Files[]): string {
  return commits
    .map((files, index) => {
      const changes = [...files].map(([path, text]) =>
        text === null ? `D ${path}\n` : `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
      );
      const author = `committer Ada Example <ada@acme.example> ${BEGIN + index * MINUTE} +0000`;
      return `commit refs/heads/main\n${author}\ndata 1\nc\n${changes.join("")}`;
    })
    .join("\n");
}

/** What reconciles in a controller, at a commit and a time of the test's choice. */
class Reconciler {
  readonly publisher: Publisher;
  served: PublishedManifest | undefined;
  private readonly source: GitSource;
  private readonly cache = new StateCache();
  private readonly servedModel: ServedModel;

  private constructor(source: GitSource, stateFolder: string) {
    const { publisher, restored } = Publisher.open({ stateFolder, devKeys: true, onlineKeyFile: undefined });
    this.publisher = publisher;
    this.served = restored.manifest;
    this.source = source;
    this.servedModel = new ServedModel(source, this.cache);
  }

  static async open(t: TestContext, repository: string, stateFolder: string): Promise<Reconciler> {
    const location = parseSourceLocation(repository);
    const source = await GitSource.open({ location, ref: "main", path: "", mirrorsFolder: stateFolder });
    t.after(() => source.close());
    return new Reconciler(source, stateFolder);
  }

  async reconcile(commit: string, now: number): Promise<Reconciled> {
    const { source, publisher, cache, servedModel } = this;
    const parts: ReconcileParts = {
      source: {
        head: async () => commit,
        descends: (next, ancestor) => source.descends(next, ancestor),
        snapshot: (at) => source.snapshot(at),
        histories: (at) => source.histories(at),
        removedVersions: (at, paths) => source.removedVersions(at, paths),
        removed: (at, since) => source.removed(at, since),
      },
      editing: false,
      accepted: () => undefined,
      judgeSignatures: undefined,
      servedModel,
      cache,
      gap: (model) => publisher.gap(model),
      publish: async (model, policies, at, removed) => publisher.publish(model, policies, at, removed),
      now: () => now,
    };
    const result = await reconcile(parts, this.served, false);
    this.served = result.manifest ?? this.served;
    return result;
  }
}

/** What comes out at the other end of the thread. */
class Receiver {
  private readonly packer = new ManifestPacker();
  private readonly intake: ManifestIntake;

  constructor(tenantKey: (tenant: string) => string) {
    this.intake = new ManifestIntake(tenantKey);
  }

  take(manifest: PublishedManifest): ServedManifest {
    for (const step of this.packer.pack(manifest)) {
      if (step.kind === "switch") return this.intake.switchTo(structuredClone(step.head));
      this.intake.add(structuredClone(step.batch));
    }
    assert.fail("nothing was switched to");
  }
}

function sorted<T>(map: ReadonlyMap<string, T> | undefined): [string, T][] {
  return [...(map ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}

function namesOf(tenants: PublishedManifest["tenants"]): unknown {
  return { names: [...tenants.keys()].sort(), formerNames: sorted(new Map(tenants.formerNames)) };
}

function contentOf(manifest: PublishedManifest | undefined): unknown {
  if (manifest === undefined) return undefined;
  return {
    ...manifest,
    metadata: sorted(manifest.metadata),
    documents: sorted(manifest.documents),
    formerDocuments: sorted(manifest.formerDocuments),
    artifacts: sorted(manifest.artifacts),
    products: sorted(manifest.products),
    tenants: namesOf(manifest.tenants),
  };
}

/** Everything that can be asked of it. */
function answersOf(served: ServedManifest, manifest: PublishedManifest, paths: ReadonlySet<string>): unknown {
  const { products, tenants, artifacts, ...head } = served.manifest;
  return {
    head,
    expiries: served.expiries,
    metadata: sorted(served.metadata).map(([name, file]) => [
      name,
      file.representations.identity.bytes.toString(),
    ]),
    documents: [...paths]
      .sort()
      .map((path) => [path, served.documents.get(path)?.representations.identity.bytes.toString()]),
    products: [...products].map(([name, { policy, releases, summary }]) => [name, policy, releases, summary]),
    tenants: [...manifest.tenants.keys()].sort().map((tenant) => tenants.get(tenant)),
    size: tenants.size,
    artifacts: [...products.values()].flatMap((product) =>
      [...product.artifacts.keys()].map((target) => artifacts.get(target)),
    ),
  };
}

for (const seed of [1, 2]) {
  test(`after each commit of a random history (${seed}) a running controller serves what a fresh one does`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-incremental-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const repository = join(folder, "state.git");
    await runOk("git", ["init", "-q", "--bare", "-b", "main", repository]);
    await runOk("git", ["fast-import", "--quiet"], { cwd: repository, input: fastImport(history(seed)) });
    const ids = (await runOk("git", ["rev-list", "--reverse", "main"], { cwd: repository }))
      .trim()
      .split("\n");

    const running = join(folder, "running");
    const controller = await Reconciler.open(t, repository, running);
    const receiver = new Receiver((tenant) => controller.publisher.tenantKey(tenant));
    const seen = { published: 0, refused: 0 };
    const paths = new Set<string>();
    // The first commit makes the keys of the products, which both must have.
    const begun = await controller.reconcile(ids[0] ?? "", BEGIN);
    receiver.take(begun.manifest ?? assert.fail(`the first commit is not good: ${begun.outcome.kind}`));
    for (const [index, commit] of ids.entries()) {
      if (index === 0) continue;
      const now = BEGIN + index * MINUTE;
      const cold = join(folder, `cold-${index}`);
      cpSync(running, cold, { recursive: true });
      const fresh = await Reconciler.open(t, repository, cold);
      const [here, there] = [await controller.reconcile(commit, now), await fresh.reconcile(commit, now)];
      assert.deepEqual(here.outcome, there.outcome, `commit ${index}`);
      assert.deepEqual(here.lags, there.lags);
      assert.deepEqual(contentOf(here.manifest), contentOf(there.manifest), `commit ${index}`);
      if (here.outcome.kind === "refused") seen.refused++;
      if (here.manifest === undefined) continue;
      seen.published++;
      for (const path of allDocuments(here.manifest).keys()) paths.add(path);
      const whole = new Receiver((tenant) => controller.publisher.tenantKey(tenant)).take(here.manifest);
      assert.deepEqual(
        answersOf(receiver.take(here.manifest), here.manifest, paths),
        answersOf(whole, here.manifest, paths),
      );
      rmSync(cold, { recursive: true });
      mkdirSync(cold);
    }
    assert.ok(seen.published > COMMITS / 2 && seen.refused > 0, JSON.stringify(seen));
  });
}
