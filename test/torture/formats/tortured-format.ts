import { readdirSync } from "node:fs";
import type { ConfigValues } from "../../../agent/config/config-keys.ts";
import { sha256Hex as digestOf } from "../../../protocol/digest.ts";
import type { ArtifactFormat } from "../../../protocol/release.ts";
import type { PrivateMachine } from "../../support/private-machine.ts";
import type { Json } from "../../trust/made-repository.ts";

/** What is found installed. */
export type Installed =
  /** Whole and runnable. */
  | { readonly version: string }
  | "nothing"
  /** Neither, and the agent has a note of it: allowed until it starts again. */
  | { readonly unfinished: string }
  /** What no machine may be left with. */
  | { readonly broken: string };

export interface Places {
  /** Where the product is installed: copied, put back and looked at as a whole. */
  readonly folder: string;
  /** The agent's home. */
  readonly home: string;
}

/** What the torture has to know of a format: everything else is the same for all. */
export interface TorturedFormat {
  readonly name: ArtifactFormat;
  /** What goes into the agent's config. */
  settings(folder: string): ConfigValues;
  /** The signed bytes of a version, the same each time. `selfReported`: what it says it is, for one that is bad. */
  artifact(version: string, selfReported?: string): Buffer;
  /** What the release key says of a version besides. */
  signed?(version: string): Json;
  /** Looks at the machine and not at the agent's notes. Every version of the run is named. */
  installed(places: Places, versions: readonly string[]): Installed;
  /** Takes the product away, as on a machine where it was never installed. */
  uninstall(places: Places): void;
  /** Names of what the agent keeps beside the product, with builds by their versions; sorted. */
  kept(places: Places, versions: readonly string[]): readonly string[];
  /** For a product that the machine's package manager installs. */
  readonly tool?: TorturedTool;
}

/** The program that changes packages, in which faults are injected too. */
export interface TorturedTool {
  /** Absolute path. */
  readonly program: string;
  /** Options of which each run that changes something has one. */
  readonly changes: readonly string[];
  /** The option of a run that would have changed something, and only rehearses. */
  readonly rehearses?: string;
  /** Makes its database on a machine that has none. */
  prepare(machine: PrivateMachine): Promise<void>;
}

export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What is in a staging folder, with what is kept to look at; without the lock, which is always there. */
export function stagingNames(folder: string): readonly string[] {
  return namesIn(folder)
    .flatMap((name) =>
      name === "broken" ? namesIn(`${folder}/broken`).map((broken) => `broken/${broken}`) : [name],
    )
    .filter((name) => name !== "lock");
}

/** Replaces digests by the versions that have them. */
export function nameById(format: TorturedFormat, versions: readonly string[]): (name: string) => string {
  const ids = versions.map((version) => [version, digestOf(format.artifact(version))] as const);
  return (name) =>
    ids.reduce((text, [version, id]) => text.replace(id, version).replace(id.slice(0, 8), "id"), name);
}
