import type { LocalChoices } from "../../protocol/device.ts";
import type { ArtifactFormat } from "../../protocol/release.ts";
import type { PackageSettings } from "../formats/format.ts";
import type { SelfTest } from "../process/self-test.ts";
import type { HealthSettings } from "./health-settings.ts";
import type { UnknownKey } from "./unknown-keys.ts";

/** How the installed version is started and proven. */
export interface ConfirmSettings {
  /** Restarts the product; absent: nothing runs that needs it. */
  readonly restart?: readonly string[];
  /** Exit code 0: the new version does its work. Absent: the format's own proof of what is installed. */
  readonly check?: readonly string[];
  /** What else must hold. */
  readonly health?: HealthSettings;
  /** The service that runs it: then a crash loop is seen as the service manager tells of it. */
  readonly service?: string;
  /** Seconds from the swap in which it must be confirmed. */
  readonly seconds: number;
  readonly attempts: number;
}

export const DEFAULT_SELF_TEST: SelfTest = { command: ["{path}", "--version"], seconds: 30 };
export const DEFAULT_CONFIRM: ConfirmSettings = { seconds: 60, attempts: 5 };
/** With `health` the deadline decides: this many only end a version that takes the agent down at each try. */
export const HEALTH_ATTEMPTS = 30;

/** How slowly the bytes of an artifact may come. */
export interface DownloadPace {
  /** Over each window; fewer are an attack (slow retrieval), or as bad as one. 0: any pace will do. */
  readonly minBytesPerSecond: number;
  /** What a download may take of the line; absent: all of it. */
  readonly maxBytesPerSecond?: number;
  /** A window without any byte at all ends the download too. */
  readonly windowSeconds: number;
}

/** A modem of 9600 baud passes; 50 MB then take half a day, and resume at the next check where they break off. */
export const DEFAULT_PACE: DownloadPace = { minBytesPerSecond: 1000, windowSeconds: 60 };

/** What `config.yaml` says of the machine: it holds for each of its products. */
export interface MachineSettings {
  /** Ends in `/`; metadata is in `tuf/` below it, artifacts in `targets/`, check-ins go to `api/v1/`. */
  readonly server: string;
  readonly tenant?: { readonly name: string; readonly key: string };
  readonly site?: string;
  /** Given at enrolment; groups select devices by them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Seconds between two checks, 0: never by itself. Absent: what policy says. */
  readonly checkInterval?: number;
  readonly pace: DownloadPace;
  /** The proxy that everything goes through, or `none`. Absent: as the environment says. */
  readonly proxy?: string;
  /** Whether it tells the controller how it stands; not at a static mirror. */
  readonly checkIn: boolean;
  /** Whether what a program printed when it failed goes with the report. */
  readonly reportLogs: boolean;
  /** Unix socket of the privileged helper, for an agent that runs without rights. */
  readonly helperSocket?: string;
}

/** What it says of one product, with what holds for the machine. */
export interface ProductConfig extends MachineSettings, LocalChoices {
  readonly product: string;
  /** Where its files lie: at the top of the home, or in a folder of its own there. */
  readonly place: "top" | "folder";
  /** Absolute path of what is kept up to date: a file, or the folder of an archive's versions. */
  readonly installPath: string;
  /** How it is installed. Absent: as a single executable file. */
  readonly format?: ArtifactFormat;
  readonly selfTest: SelfTest;
  /** These three: as in `ManagedProduct`. */
  readonly executable?: string;
  readonly package?: PackageSettings;
  readonly service?: string;
  readonly confirm: ConfirmSettings;
  /** Seconds for which a program may put an update of this product off. Absent: as the program has it. */
  readonly deferAtMost?: number;
  /** Whether it is the updater itself. Absent: it is where its program is the one that runs. */
  readonly self?: boolean;
}

/** `config.yaml`, as read. */
export interface AgentConfig extends MachineSettings {
  /** As they stand in the file, each name and each path once; at least one. */
  readonly products: readonly ProductConfig[];
  /** What stands in the file and was passed over. Absent: nothing. */
  readonly unknownKeys?: readonly UnknownKey[];
}

/** @param server ends in `/` */
export function metadataUrl(server: string): URL {
  return new URL("tuf/", server);
}

/** @param server ends in `/` */
export function apiUrl(server: string): URL {
  return new URL("api/v1/", server);
}

/** @param server ends in `/` */
export function targetsUrl(server: string): URL {
  return new URL("targets/", server);
}
