/**
 * The thread that reads, checks, builds and signs. It tells the serving thread what to serve and how it went, in the
 * words of `messages.ts`; nothing that it does makes an answer wait.
 */
import { dirname, join } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { gateChecksOf } from "../../desired/gate-checks.ts";
import { secretPath } from "../../keys/naming-secret.ts";
import type { DeviceCounts } from "../../propose/wanted-proposals.ts";
import type { PublishedManifest } from "../../publish/published-manifest.ts";
import { Publisher } from "../../publish/publisher.ts";
import { ManifestStore } from "../../publish/store/manifest-store.ts";
import { acceptedCommitFile } from "../../reconcile/accepted-commit.ts";
import { ReconcileLoop } from "../../reconcile/reconcile-loop.ts";
import type { ReconcileReport } from "../../reconcile/report.ts";
import { watchProcessGroups } from "../../source/process-group.ts";
import type { FleetModel } from "../../state/fleet-model.ts";
import { collectGarbage } from "../collect-garbage.ts";
import { openFollowedSource, watchFile } from "../followed-source.ts";
import { giveWay } from "../give-way.ts";
import { reconcileParts } from "../reconcile-parts.ts";
import { sendError } from "../sent-error.ts";
import { ServeError } from "../serve-error.ts";
import { HoldReports } from "./hold-reports.ts";
import type { FromWorker, ToWorker, WorkerInput } from "./messages.ts";
import { openProposals } from "./open-proposals.ts";
import { ManifestPacker } from "./pack-manifest.ts";

/** The way to the serving thread. */
class ServingThread {
  private readonly port: MessagePort;
  private readonly packer = new ManifestPacker();
  private taken = Promise.withResolvers<void>();
  private readonly counting = new Map<number, (counts: DeviceCounts) => void>();
  private questions = 0;

  constructor(port: MessagePort) {
    this.port = port;
  }

  tell(message: FromWorker): void {
    this.port.postMessage(message);
  }

  /** Hands a manifest over piece by piece, so that between two of them requests are answered. */
  async serve(manifest: PublishedManifest): Promise<void> {
    for (const step of this.packer.pack(manifest)) {
      this.taken = Promise.withResolvers();
      this.tell(step);
      await this.taken.promise;
    }
  }

  hasTaken(): void {
    this.taken.resolve();
  }

  /** How many devices run which version; the serving thread always answers. */
  countDevices(products: readonly string[]): Promise<DeviceCounts> {
    return new Promise((resolve) => {
      const id = this.questions++;
      this.counting.set(id, resolve);
      this.tell({ kind: "count-devices", id, products });
    });
  }

  hasCounted(id: number, counts: DeviceCounts): void {
    this.counting.get(id)?.(counts);
    this.counting.delete(id);
  }
}

async function run(port: MessagePort, input: WorkerInput): Promise<void> {
  const server = new ServingThread(port);
  const early: ToWorker[] = [];
  let receive = (message: ToWorker): void => {
    if (message.kind === "taken") server.hasTaken();
    else early.push(message);
  };
  port.on("message", (message: ToWorker) => receive(message));
  watchProcessGroups((pid, isRunning) => server.tell({ kind: "process", pid, isRunning }));

  const now = (): number => Math.floor(Date.now() / 1000);
  const { publisher, restored } = openPublisher(input);
  if (restored.damage !== undefined) {
    server.tell({ kind: "store-damaged", error: sendError(restored.damage) });
  }
  if (restored.manifest !== undefined) {
    await server.serve(restored.manifest);
    collectGarbage();
  }

  const source = await openFollowedSource(input.source);
  const proposals = openProposals(input, source.repository, {
    countDevices: (products) => server.countDevices(products),
    report: (standing) => server.tell({ kind: "proposals", standing }),
    now,
  });
  if (restored.manifest !== undefined) proposals?.loop.takeManifest(restored.manifest);
  // What lies in a work tree has no commit behind it.
  const holds =
    input.source.worktree === undefined
      ? new HoldReports({
          repository: source.repository,
          path: input.source.path ?? "",
          report: (standing) => server.tell({ kind: "lines", standing }),
          now,
        })
      : undefined;
  let hasServed = false;
  const serve = async (manifest: PublishedManifest): Promise<void> => {
    await server.serve(manifest);
    // What comes after the first is as small as a commit.
    if (!hasServed) setImmediate(collectGarbage);
    hasServed = true;
    proposals?.loop.takeManifest(manifest);
  };
  const onPublish = (model: FleetModel): void => {
    server.tell({ kind: "checks", checks: gateChecksOf(model) });
    proposals?.loop.takeModel(model);
    holds?.takeModel(model);
  };
  const loop = new ReconcileLoop(
    reconcileParts(input, source, publisher, serve, reportTo(server), onPublish, now),
    restored.manifest,
  );
  const look = (): void => loop.trigger();
  const releases = await watchReleases(input, look);
  const stop = async (): Promise<void> => {
    // A fetch under way is cut off: nobody should wait for a git server that may never answer.
    // The one of its processes that may hang is ended first.
    const proposed = proposals?.close();
    await Promise.all([proposed, holds?.stop(), loop.stop(), source.close(), releases.close()]);
    process.exit();
  };
  receive = (message) => {
    switch (message.kind) {
      case "start":
        source.watch(look).then(
          () => {
            loop.start();
            proposals?.loop.start();
          },
          (error: unknown) => fail(server, error),
        );
        break;
      case "look":
        look();
        break;
      case "overlays":
        loop.takeOverlays(message.overlays);
        break;
      case "taken":
        server.hasTaken();
        break;
      case "devices-counted":
        server.hasCounted(message.id, message.counts);
        break;
      case "stop":
        // Whatever fails now fails on the way out.
        stop().catch(() => process.exit());
        break;
    }
  };
  server.tell({ kind: "ready" });
  for (const message of early) receive(message);
}

function fail(server: Pick<ServingThread, "tell">, error: unknown): void {
  server.tell({ kind: "failed", error: sendError(error) });
  process.exit();
}

function reportTo(server: ServingThread): ReconcileReport {
  return {
    outcome({ error, ...reported }, seconds) {
      const sent = error === undefined ? {} : { error: sendError(error) };
      server.tell({ kind: "outcome", reported, seconds, ...sent });
    },
    resigned: ({ version, expiresAt }) => server.tell({ kind: "resigned", signed: { version, expiresAt } }),
    resignFailed: (error) => server.tell({ kind: "resign-failed", error: sendError(error) }),
    overlaid: ({ version, expiresAt }) => server.tell({ kind: "overlaid", signed: { version, expiresAt } }),
    overlayFailed: (error) => server.tell({ kind: "overlay-failed", error: sendError(error) }),
    settleFailed: (error) => server.tell({ kind: "settle-failed", error: sendError(error) }),
  };
}

/** The state folder with the keys, and the last good manifest in it. */
function openPublisher(input: WorkerInput): ReturnType<typeof Publisher.open> {
  const { stateFolder } = input;
  if (input.source.worktree !== undefined) requireOwnFolder(stateFolder);
  return Publisher.open(input);
}

/**
 * Refuses to serve a work tree from the state folder of a fleet's controller: the manifest in it, which people signed,
 * would neither be served nor be kept fresh.
 *
 * @throws ServeError
 */
function requireOwnFolder(stateFolder: string): void {
  if (!ManifestStore.exists(stateFolder, "trust")) return;
  throw new ServeError(
    "serve/worktree-needs-own-folder",
    `\`${stateFolder}\` holds a manifest that a fleet trusts, and a work tree is never served to a fleet`,
    { help: "name another folder, for example --state-dir .fairlead-worktree" },
  );
}

/**
 * Looks again as soon as a person releases a commit that is not served: by accepting it, by listing who signed it, or by
 * bringing the key that it names, or the secret that names its tenants.
 */
async function watchReleases(
  { stateFolder, signers, onlineKeyFile }: WorkerInput,
  trigger: () => void,
): Promise<{ close(): Promise<void> }> {
  const { allowedSigners, gnupgHome } = signers ?? {};
  const files = [
    acceptedCommitFile(stateFolder),
    secretPath(stateFolder),
    onlineKeyFile === undefined ? undefined : secretPath(dirname(onlineKeyFile)),
    allowedSigners,
    gnupgHome === undefined ? undefined : join(gnupgHome, "pubring.kbx"),
    onlineKeyFile,
  ].filter((file) => file !== undefined);
  const watchers = await Promise.all(files.map((file) => watchFile(file, trigger)));
  return {
    async close() {
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

if (parentPort !== null) {
  giveWay();
  const port = parentPort;
  await run(port, workerData).catch((error: unknown) => {
    port.postMessage({ kind: "failed", error: sendError(error) } satisfies FromWorker);
    process.exit();
  });
}
