import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ConfigValues } from "../../agent/config/config-keys.ts";
import { sha256Hex as digestOf } from "../../protocol/digest.ts";
import type { ArtifactFormat } from "../../protocol/release.ts";
import { program } from "../agent/update-server.ts";

/** What is found installed: whole and runnable, by its version; nothing; or something that no machine may be left with. */
export type Installed = { readonly version: string } | "nothing" | { readonly broken: string };

/**
 * What the torture has to know of a format: everything else is the same for all. `folder` is where the product is
 * installed; it is copied, put back and looked at as a whole.
 */
export interface TorturedFormat {
  readonly name: ArtifactFormat;
  /** What goes into the agent's config. */
  settings(folder: string): ConfigValues;
  /** The signed bytes of a version. `selfReported`: what it says it is, for one that is bad. */
  artifact(version: string, selfReported?: string): Buffer;
  /** Looks at the machine and not at the agent's notes. Every version of the run is named. */
  installed(folder: string, versions: readonly string[]): Installed;
  /** Takes the product away, as on a machine where it was never installed. */
  uninstall(folder: string): void;
  /** Names of what the agent keeps beside the product, with builds by their versions; sorted. */
  kept(folder: string, versions: readonly string[]): readonly string[];
}

const binary: TorturedFormat = {
  name: "binary",
  settings: (folder) => ({ install_path: join(folder, "lantern") }),
  artifact: (version, selfReported = version) => program(selfReported, `# ${version}`),
  installed(folder, versions) {
    const path = join(folder, "lantern");
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return "nothing";
    const bytes = readFileSync(path);
    const version = versions.find((one) => binary.artifact(one).equals(bytes));
    if (version === undefined) return { broken: `${bytes.length} bytes that are no version's` };
    if ((found.mode & 0o111) !== 0o111) return { broken: `${version} with mode ${found.mode.toString(8)}` };
    return { version };
  },
  uninstall: (folder) => rmSync(join(folder, "lantern")),
  kept(folder, versions) {
    const staging = join(folder, ".lantern.fairlead");
    const inStaging = namesIn(staging).flatMap((name) =>
      name === "broken" ? namesIn(join(staging, name)).map((broken) => `broken/${broken}`) : [name],
    );
    const beside = namesIn(folder)
      .filter((name) => name !== "lantern" && name !== ".lantern.fairlead")
      .map((name) => `../${name}`);
    return [...inStaging, ...beside]
      .filter((name) => name !== "lock")
      .map(nameById(binary, versions))
      .toSorted();
  },
};

/** Every format that an agent on Linux can install by itself: a new one is tortured once it stands here. */
export const TORTURED_FORMATS: readonly TorturedFormat[] = [binary];

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Replaces digests by the versions that have them. */
function nameById(format: TorturedFormat, versions: readonly string[]): (name: string) => string {
  const ids = versions.map((version) => [version, digestOf(format.artifact(version))] as const);
  return (name) =>
    ids.reduce((text, [version, id]) => text.replace(id, version).replace(id.slice(0, 8), "id"), name);
}
