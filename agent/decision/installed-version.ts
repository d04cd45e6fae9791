import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import type { InstalledBuild } from "../state/agent-state.ts";

/** What stands for a version that nobody can tell: no scheme reads it, so `decide` refuses with a clear word. */
export const UNKNOWN_VERSION = "unknown";

/**
 * Which version is installed. Its id tells, against what was remembered or what the release key signed; only a build
 * that neither knows is asked itself.
 *
 * @param remembered what was found last time
 * @param signed the builds that releases have for this machine
 * @returns `undefined` when nothing is installed
 */
export async function findInstalledVersion(
  format: Format,
  remembered: InstalledBuild | undefined,
  signed: readonly Build[],
): Promise<InstalledBuild | undefined> {
  const found = await format.installed(remembered);
  if (found === undefined) return undefined;
  const known = [...(remembered === undefined ? [] : [remembered]), ...signed].find(
    ({ id }) => id === found.id,
  );
  const version = known?.version ?? (await format.tellVersion()) ?? UNKNOWN_VERSION;
  return { version, id: found.id, fingerprint: found.fingerprint };
}
