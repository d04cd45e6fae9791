import type { Ppm } from "../../protocol/share.ts";
import type { ArtifactPlace } from "../artifacts/artifact-place.ts";
import type { ForgeRepository } from "../forge/forge.ts";
import type { FeedAccess } from "../http/feeds/feed-access.ts";
import { LIMITS } from "../http/limits.ts";
import type { PageChanges } from "../http/preview-api/preview-side.ts";
import type { Proposer } from "../propose/build-branch.ts";
import type { SignatureRequirement } from "../reconcile/judge-signatures.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { CheckSettings } from "../rollout/checks/ask-check.ts";
import type { FollowedSourceOptions } from "./followed-source.ts";
import { isLocal, type ListenAddress } from "./listen-address.ts";
import type { SignalSettings } from "./signals/signal-settings.ts";

/** Connections of each listener at a time, unless told otherwise. */
export const DEFAULT_CONNECTIONS = LIMITS.connections;

/** What the worker is told that reconciles. It is sent there, so it is plain data. */
export interface ReconcilingOptions {
  readonly source: FollowedSourceOptions;
  readonly stateFolder: string;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are served; absent: any commit is. */
  readonly signers: SignatureRequirement | undefined;
  /** Propose halts and due promotions to git, on branches; absent: nothing is written there. */
  readonly propose?: { readonly by: Proposer } | undefined;
}

/** Everything that a running controller can be told. */
export interface ControllerOptions extends ReconcilingOptions {
  /** Wait while another controller has the state folder, instead of refusing to start. */
  readonly standby: boolean;
  readonly artifacts: ArtifactPlace;
  /** Where agents are served. */
  readonly agentsAddress: ListenAddress;
  /** Where operators are served; absent: where agents are. */
  readonly operatorsAddress: ListenAddress | undefined;
  /** The token that operators show; absent: one that the controller makes itself. */
  readonly operatorToken: string | undefined;
  /** Origins under which agents reach it; the first is what answers name. */
  readonly publicUrls: readonly URL[];
  /** Connections of each listener at a time. */
  readonly maxConnections: number;
  /** Devices enrol and check in here; off, it only serves. */
  readonly fleet: boolean;
  /** How many simulated machines live beside it; only where somebody tries things out (`isDevelopment`). */
  readonly demoFleet?: number | undefined;
  /** Share of the requests that are logged. */
  readonly logged: Ppm;
  /** Who may read the feeds of versions; absent: everybody who can read the manifest. */
  readonly feeds?: FeedAccess;
  readonly webhookSecret: string | undefined;
  readonly trustProxy: readonly string[] | undefined;
  /** Version of the program. */
  readonly version: string;
  /** Most MiB of memory for the thread that reconciles; absent: by what the machine has. */
  readonly workerMemory?: number;
  /** Another program for that thread; for tests. */
  readonly workerEntry?: URL;
  /** Another program for the thread that knows the fleet; for tests. */
  readonly fleetEntry?: URL;
  /** What becomes of a change that somebody confirms on the page; absent: `off`. */
  readonly pageChanges?: PageChanges;
  /** Who commits what is proposed, also by people on the page. */
  readonly committer?: Proposer;
  /** Where commits and lines of the state repository can be looked at; absent: nowhere that is known. */
  readonly forge?: ForgeRepository | undefined;
  /** Another program for the thread that reads git for people; for tests. */
  readonly previewEntry?: URL;
  /** How the checks of gates are asked. */
  readonly checks?: CheckSettings;
  /** Who is told what happens; absent: nobody. */
  readonly signals?: SignalSettings;
  /** Told how each reconcile ended, besides the log. */
  readonly onOutcome?: (outcome: ReconcileOutcome) => void;
}

/**
 * Whether somebody tries things out: keys that were made here, and nobody but this machine can reach it. Only then may
 * it tell whoever looks what is a secret in a fleet.
 */
export function isDevelopment({
  devKeys,
  agentsAddress,
  operatorsAddress,
  publicUrls,
}: Pick<ControllerOptions, "devKeys" | "agentsAddress" | "operatorsAddress" | "publicUrls">): boolean {
  const addresses = [agentsAddress, ...(operatorsAddress === undefined ? [] : [operatorsAddress])];
  return devKeys && publicUrls.length === 0 && addresses.every(isLocal);
}
