import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { after, before, describe, it } from "node:test";
import { StandInForge } from "../pull-request/stand-in-forge.ts";
import { CONTROLLER, run, runOk } from "../support/run-command.ts";
import {
  gitServer,
  type PackedPackage,
  packPackage,
  privateRegistry,
  tarballServer,
} from "./package-places.ts";
import { type Machine, type PipelineResult, runGithubJob, runGitlabJob } from "./pipeline.ts";

/** How npm on this machine reaches the registry. */
const NETWORK = ["registry", "proxy", "https-proxy", "noproxy", "cafile"] as const;

const cleanups: (() => unknown)[] = [];
const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
let network: Readonly<Record<string, string>>;
let packed: PackedPackage;
let origin: string;
/** Where the tests that are not about installing have it installed once. */
let npm: string;
/** Why npm cannot be tried here. */
let skip: string | undefined;

before(async () => {
  network = await networkOfNpm();
  // Nothing that npm has kept here would do for an answer.
  const asInRoot = { ...network, npm_config_cache: await temporaryFolder() };
  const reachable = await run("npm", ["view", "semver", "version", "--fetch-retries=0"], { env: asInRoot });
  if (reachable.code !== 0) skip = "no npm registry is within reach";
  else packed = await packPackage(t);
  npm = join(await temporaryFolder(), "npm");
  origin = join(await temporaryFolder(), "fleet");
  await runOk(process.execPath, [CONTROLLER, "init", origin]);
});

after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/**
 * As this machine's npm has it: run by a node of `node_modules`, which stands first for npm scripts, npm would not find the
 * settings of the machine.
 */
async function networkOfNpm(): Promise<Readonly<Record<string, string>>> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const PATH = folders.filter((folder) => !folder.split(sep).includes("node_modules")).join(delimiter);
  const said = await Promise.all(
    NETWORK.map((name) => run("npm", ["config", "get", name], { env: { PATH } })),
  );
  const values = said.map(
    ({ stdout }, i) => [`npm_config_${NETWORK[i]?.replaceAll("-", "_")}`, stdout.trim()] as const,
  );
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return {
    ...Object.fromEntries(values.filter(([, value]) => !["", "null", "undefined"].includes(value))),
    ...(NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS }),
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-pipeline-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface RootOptions {
  /** Where npm installs for the whole machine; absent: a folder that nobody else has. */
  readonly npm?: string;
  /** Settings of npm about the registry; absent: as on this machine. */
  readonly registry?: Readonly<Record<string, string>>;
}

/** A machine on which nothing is but Node, npm and git: no settings, no cache, no home that anybody has used. */
class CleanRoot {
  readonly folder: string;
  readonly forge: StandInForge;
  private readonly work: string;
  private readonly npm: string;
  private readonly registry: Readonly<Record<string, string>>;

  private constructor(folder: string, forge: StandInForge, { npm, registry }: RootOptions) {
    this.folder = folder;
    this.work = join(folder, "work");
    this.forge = forge;
    this.npm = npm ?? join(folder, "npm");
    this.registry = registry ?? {};
  }

  static async create(options: RootOptions = {}): Promise<CleanRoot> {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "home"));
    await writeFile(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
    const root = new CleanRoot(folder, await StandInForge.start(t), options);
    await runOk("git", ["clone", "-q", origin, root.work]);
    await runOk("git", ["switch", "-q", "-c", "change"], { cwd: root.work });
    return root;
  }

  /** Commits that `stable` points to this version. */
  async point(version: string): Promise<void> {
    const file = join(this.work, "products/hello/channels/stable.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/^version: .*$/m, `version: ${version}`));
    await runOk("git", ["commit", "-q", "-a", "-m", `point stable to ${version}`], { cwd: this.work });
  }

  async github(from: string, token: string): Promise<PipelineResult> {
    const workflow = await readFile(join(this.work, ".github/workflows/fairlead.yml"), "utf8");
    const env = {
      ...this.forge.githubJob(join(this.folder, "event.json")),
      GITHUB_STEP_SUMMARY: join(this.folder, "summary"),
    };
    await writeFile(env.GITHUB_STEP_SUMMARY, "");
    return runGithubJob(workflow, this.machine(env), {
      "vars.FAIRLEAD_PACKAGE": from,
      "github.base_ref": "main",
      "github.token": token,
    });
  }

  async gitlab(from: string, token: string | undefined): Promise<PipelineResult> {
    const pipeline = await readFile(join(this.work, ".gitlab-ci.yml"), "utf8");
    const env = {
      ...this.forge.gitlabJob(),
      ...{ FAIRLEAD_PACKAGE: from, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" },
      ...(token === undefined ? {} : { FAIRLEAD_NOTE_TOKEN: token }),
    };
    return runGitlabJob(pipeline, this.machine(env));
  }

  summary(): Promise<string> {
    return readFile(join(this.folder, "summary"), "utf8");
  }

  private machine(env: Readonly<Record<string, string>>): Machine {
    const places = [join(this.npm, "bin"), dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"];
    return {
      folder: this.work,
      isInstalled: existsSync(join(this.npm, "bin", "fairlead")),
      env: {
        ...{ HOME: join(this.folder, "home"), PATH: places.join(delimiter), LANG: "C.UTF-8" },
        ...{ ...network, ...this.registry },
        npm_config_prefix: this.npm,
        npm_config_cache: join(this.folder, "cache"),
        ...env,
      },
    };
  }
}

const PROMOTED =
  /^<!-- fairlead -->\n<!-- fairlead-plan -->\n### \d+ of \d+ scopes move [\s\S]*hello stable \| 1\.0\.0 → 1\.1\.0 \|/;

describe("the pipelines of a new repository, in a clean root", () => {
  it("comment what a change does, then that it is refused, and go on at GitHub, from a tarball at a URL", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create({ npm });
    const from = await tarballServer(t, packed);
    await root.point("1.1.0");
    const first = await root.github(from, "workflow");
    assert.equal(first.code, 0, first.log);
    assert.match(root.forge.comments[0]?.body ?? "", PROMOTED);
    assert.equal(`<!-- fairlead -->\n${await root.summary()}`, root.forge.comments[0]?.body);

    await root.point("9.9.9");
    const refused = await root.github(from, "workflow");
    assert.deepEqual([refused.code, refused.outcomes.validate], [1, "failure"], refused.log);
    assert.match(refused.log, /^::error file=products\/hello\/channels\/stable\.yaml,line=/m);
    assert.equal(root.forge.comments.length, 1, "the comment is altered, and no other made");
    assert.match(
      root.forge.comments[0]?.body ?? "",
      /### No plan: the change has 1 error\n\n> \[!CAUTION\]\n> - `products\/hello\/channels\/stable\.yaml:\d+:\d+` /,
    );
  });

  it("leave a fork with the summary of the job, and do not fail for it", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create({ npm });
    await root.point("1.1.0");
    const { code, log } = await root.github(await tarballServer(t, packed), "fork");
    assert.equal(code, 0, log);
    assert.match(log, /^no comment: github answers 403 to POST .*Resource not accessible by integration$/m);
    assert.match(await root.summary(), /### \d+ of \d+ scopes move/);
    assert.deepEqual(root.forge.comments, []);
  });

  it("say so in the comment when no plan could be made at all, in place of the plan of the commit before", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create({ npm });
    const from = await tarballServer(t, packed);
    await root.point("1.1.0");
    await root.github(from, "workflow");
    await rm(join(root.folder, "work", ".git", "refs", "remotes"), { recursive: true });
    await rm(join(root.folder, "work", ".git", "packed-refs"), { force: true });
    const { code, log } = await root.github(from, "workflow");
    assert.equal(code, 1, log);
    assert.equal(
      root.forge.comments[0]?.body,
      "<!-- fairlead -->\n**There is no plan**: the log of the job says why.\n",
    );
  });

  it("note what a change does, then that it is refused, at GitLab, and go on without a token", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create();
    const from = await tarballServer(t, packed);
    await root.point("1.1.0");
    const first = await root.gitlab(from, "project");
    assert.equal(first.code, 0, first.log);
    assert.match(root.forge.comments[0]?.body ?? "", PROMOTED);
    await root.point("9.9.9");
    const refused = await root.gitlab(from, "project");
    assert.equal(refused.code, 1, refused.log);
    assert.deepEqual(
      root.forge.comments.map(({ body }) => /No plan: the change has 1 error/.test(body)),
      [true],
    );
    const [finding] = JSON.parse(await readFile(join(root.folder, "work", "findings.json"), "utf8"));
    assert.equal(finding.location.path, "products/hello/channels/stable.yaml");
    await root.point("1.1.0");
    for (const token of [undefined, "reader"]) {
      const fork = await root.gitlab(from, token);
      assert.equal(fork.code, 0, fork.log);
      assert.match(fork.log, /^no comment: /m);
    }
    assert.equal(root.forge.writes.length, 2);
  });

  it("work with the package of a private registry", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const registry = await privateRegistry(t, packed, network.npm_config_registry ?? "");
    const root = await CleanRoot.create({ registry: { npm_config_registry: registry } });
    await root.point("1.1.0");
    const { code, log } = await root.github(`fairlead@${packed.version}`, "workflow");
    assert.equal(code, 0, log);
    assert.match(root.forge.comments[0]?.body ?? "", PROMOTED);
  });

  it("work with a git URL", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create();
    await root.point("1.1.0");
    const { code, log } = await root.github(await gitServer(t), "workflow");
    assert.equal(code, 0, log);
    assert.match(root.forge.comments[0]?.body ?? "", PROMOTED);
  });

  it("say what is missing where nobody has said what to install", async (test) => {
    if (skip !== undefined) return test.skip(skip);
    const root = await CleanRoot.create();
    const { code, log } = await root.github("", "workflow");
    assert.equal(code, 1);
    assert.match(log, /FAIRLEAD_PACKAGE: set this variable of the repository first/);
  });
});
