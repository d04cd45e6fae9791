import type { Releases } from "../../protocol/release.ts";
import type { AgentConfig } from "../config/agent-config.ts";
import { readInstalled } from "../formats/binary/installed-file.ts";
import type { AgentState, InstalledFile } from "../state/agent-state.ts";

/** What stands for a version that nobody can tell: no scheme reads it, so `decide` refuses with a clear word. */
export const UNKNOWN_VERSION = "unknown";

/**
 * Which version is installed. Its digest tells, against what was remembered or what the release key signed; only a
 * file that neither knows is asked itself.
 *
 * @returns `undefined` when nothing is installed
 */
export async function findInstalledVersion(
  config: AgentConfig,
  state: AgentState,
  releases: Releases,
  platform: string,
): Promise<InstalledFile | undefined> {
  const found = readInstalled(config.installPath, state.installed);
  if (found === undefined) return undefined;
  const { sha256, fingerprint } = found;
  if (state.installed?.sha256 === sha256) return { version: state.installed.version, sha256, fingerprint };
  const signed = releases.find(({ artifacts }) =>
    artifacts.some((artifact) => artifact.platform === platform && artifact.sha256 === sha256),
  );
  const version = signed?.version ?? (await askForVersion(config));
  return { version, sha256, fingerprint };
}

async function askForVersion({ selfTest, installPath }: AgentConfig): Promise<string> {
  // Rarely needed, so loaded here: a quiet check starts no program.
  const [{ runBounded }, { fillCommand }] = await Promise.all([
    import("../process/run-bounded.ts"),
    import("../formats/binary/self-test.ts"),
  ]);
  const result = await runBounded({
    argv: fillCommand(selfTest.command, installPath, ""),
    seconds: selfTest.seconds,
    maxOutputBytes: 64 * 1024,
    leftovers: "kill",
  });
  if (result.kind !== "exited" || result.code !== 0) return UNKNOWN_VERSION;
  const found = /(?<![0-9A-Za-z.+-])v?(\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+)?)/.exec(result.stdout);
  return found?.[1] ?? UNKNOWN_VERSION;
}
