import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { prepareManifest } from "../http/manifest/served-manifest.ts";
import { Metrics } from "../http/metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import { createServer } from "../http/server.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { Publisher } from "../publish/publisher.ts";
import { ManifestStore } from "../publish/store/manifest-store.ts";
import { acceptedCommitFile, readAcceptedCommit } from "../reconcile/accepted-commit.ts";
import { ReconcileLog } from "../reconcile/log-reconcile.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import { ReconcileLoop } from "../reconcile/reconcile-loop.ts";
import { ServedModel } from "../reconcile/served-model.ts";
import { checkState } from "../rules/check-state.ts";
import type { AllowedSigners } from "../source/verify-signature.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import { StateCache } from "../state/state-cache.ts";
import { ServeError } from "./serve-error.ts";
import { openStateSource, type StateSourceOptions, watchFile } from "./state-source.ts";

export interface ControllerOptions {
  readonly source: StateSourceOptions;
  readonly stateFolder: string;
  /** Folder of the hosted artifacts, absolute. */
  readonly artifacts: string | undefined;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are served; absent: any commit is. */
  readonly signers: AllowedSigners | undefined;
  readonly webhookSecret: string | undefined;
  readonly trustProxy: readonly string[] | undefined;
  /** Version of the program. */
  readonly version: string;
  /** Told how each reconcile ended, besides the log. */
  readonly onOutcome?: (outcome: ReconcileOutcome) => void;
}

/** A controller that listens. */
export interface RunningController {
  readonly url: string;
  readonly tenantKey: (tenant: string) => string;
  readonly state: () => ServedState;
  /** Resolves with the outcome of the first reconcile. */
  readonly firstOutcome: Promise<ReconcileOutcome>;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/**
 * Puts the controller together: the last good manifest is served at once, then the source decides.
 *
 * @throws ServeError, SourceError, PublishError, KeyError when it cannot start
 */
export async function runController(options: ControllerOptions, log: Logger): Promise<RunningController> {
  const now = (): number => Math.floor(Date.now() / 1000);
  const isEditing = options.source.worktree !== undefined;
  if (isEditing) requireOwnFolder(options.stateFolder);
  mkdirSync(options.stateFolder, { recursive: true, mode: 0o700 });
  const { publisher, restored } = Publisher.open(options);
  if (restored.damage !== undefined) {
    log.error({ event: "store.damaged", code: restored.damage.code }, restored.damage.message);
  }

  let state: ServedState = {
    serving: undefined,
    lags: [],
    outcome: undefined,
    sourceSeenAt: undefined,
  };
  const serve = async (manifest: PublishedManifest): Promise<void> => {
    state = { ...state, serving: await prepareManifest(manifest, state.serving) };
  };
  if (restored.manifest !== undefined) await serve(restored.manifest);

  const metrics = new Metrics(() => state, now);
  const reconcileLog = new ReconcileLog(log, restored.manifest?.version);
  const first = Promise.withResolvers<ReconcileOutcome>();
  const source = await openStateSource(options.source);
  const cache = new StateCache();
  const servedModel = new ServedModel(
    async (commit) => readState(await source.reads.snapshot(commit), { cache }).model,
  );
  const { signers } = options;
  const loop = new ReconcileLoop(
    {
      source: source.reads,
      editing: isEditing,
      accepted: () => readAcceptedCommit(options.stateFolder),
      verifySignature:
        signers === undefined ? undefined : (commit) => source.verifySignature(commit, signers),
      before: (commit) => servedModel.of(commit),
      check: (snapshot, histories, at, before) =>
        checkState(snapshot, { now: at, histories, cache, ...(before === undefined ? {} : { before }) }),
      gap: (model) => publisher.gap(withoutTrust(model, isEditing)),
      publish: async (model, policies, at, removed) => {
        const manifest = publisher.publish(withoutTrust(model, isEditing), policies, at, removed);
        servedModel.keep(model);
        return manifest;
      },
      resign: async (manifest, at) => publisher.resign(manifest, at),
      serve,
      now,
      report: {
        outcome(result, seconds) {
          const { outcome, lags = state.lags, sourceSeenAt = state.sourceSeenAt } = result;
          state = { ...state, outcome, lags, sourceSeenAt };
          metrics.recordReconcile(result.outcome, seconds);
          reconcileLog.outcome(result, seconds);
          options.onOutcome?.(result.outcome);
          first.resolve(result.outcome);
        },
        resigned: (manifest) => reconcileLog.resigned(manifest),
        resignFailed: (error) => reconcileLog.resignFailed(error),
      },
    },
    restored.manifest,
  );

  const { webhookSecret } = options;
  const app = await createServer({
    state: () => state,
    metrics,
    log,
    now,
    artifacts: options.artifacts,
    webhook:
      webhookSecret === undefined ? undefined : { secret: webhookSecret, trigger: () => loop.trigger() },
    version: options.version,
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  });
  // What a person does to release a held commit.
  const releases = await Promise.all(
    [acceptedCommitFile(options.stateFolder), signers?.allowedSigners]
      .filter((file) => file !== undefined)
      .map((file) => watchFile(file, () => loop.trigger())),
  );
  const stop = async (): Promise<void> => {
    // A fetch under way is cut off: nobody should wait for a git server that may never answer.
    const ends = [loop.stop(), source.close(), app.close(), ...releases.map((watcher) => watcher.close())];
    await Promise.all(ends);
  };
  try {
    const url = await listen(app, options.host, options.port);
    await source.watch(() => loop.trigger());
    loop.start();
    return { url, tenantKey: publisher.tenantKey, state: () => state, firstOutcome: first.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What is not committed is never signed by keys that a fleet trusts: without trust/, only dev keys are left. */
function withoutTrust(model: FleetModel, isEditing: boolean): FleetModel {
  return isEditing ? { ...model, trust: undefined } : model;
}

/**
 * What people signed for a fleet is neither served nor kept fresh by a controller that shows a work tree.
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

/** @returns the address as a URL @throws ServeError */
async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainListenFailure(error, host, port);
  }
  const { address, port: bound, family } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

function explainListenFailure(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new ServeError("serve/port-in-use", `port ${port} of ${host} is in use`, {
        help: `stop what listens there, or choose another port: --port ${port + 1}`,
        cause: error,
      });
    case "EACCES":
      return new ServeError("serve/port-forbidden", `this user may not listen on port ${port}`, {
        help: "choose a port above 1023, for example --port 8080",
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ServeError("serve/bad-option", `\`${host}\` is not an address of this machine`, {
        help: "use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its addresses",
        cause: error,
      });
    default:
      return error;
  }
}
