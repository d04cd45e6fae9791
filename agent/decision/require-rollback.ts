import { findRelease, isActive, isWithdrawn } from "../../protocol/candidates.ts";
import { signedScheme } from "../../protocol/release.ts";
import { beyondSignedRange } from "../../protocol/rollback-range.ts";
import { own } from "../../protocol/scope.ts";
import { compareVersions, isVersion } from "../../protocol/version.ts";
import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { describeDecision } from "../output/describe-decision.ts";
import type { Evaluation } from "./evaluate.ts";
import { artifactFor, PLATFORM } from "./machine-builds.ts";

/**
 * Lets an operator's request take a machine back only as far as a channel could: to a signed build that nothing speaks
 * against, inside the range that the release key signed. A person at the machine is not asked.
 *
 * @param from what is installed, as far as that is known
 * @throws InstallError `install/rollback-refused`
 */
export function requireRollback(
  { decision, policy, releases, device }: Evaluation,
  format: Format,
  newestConfirmed: string | undefined,
  from: Build | undefined,
  to: Build,
): void {
  if (decision.action === "paused") throw refused(describeDecision(policy.product, from?.version, decision));
  const release = findRelease(releases, to.version);
  const artifact = release === undefined ? undefined : artifactFor(release, PLATFORM, format);
  if (release === undefined || artifact === undefined || format.buildId(artifact) !== to.id) {
    throw refused(`the kept build of ${to.version} is not a signed one`);
  }
  if (!isActive(policy, release, device.platform)) throw refused(`${to.version} is yanked`);
  const channel = decision.channel === undefined ? undefined : own(policy.channels, decision.channel);
  if (channel !== undefined && isWithdrawn(channel, to.version)) throw refused(`${to.version} was withdrawn`);
  const scheme = signedScheme(release);
  if (from === undefined || !isVersion(scheme, from.version)) throw refused("nobody knows what is installed");
  if (compareVersions(scheme, to.version, from.version) >= 0) {
    throw refused(`the kept version ${to.version} is not lower than the installed ${from.version}`);
  }
  const ranHere = { installed: from.version, newestConfirmed };
  const beyond = beyondSignedRange(scheme, releases, ranHere, to.version);
  if (beyond !== undefined) throw refused(beyond);
}

function refused(why: string): InstallError {
  return new InstallError("install/rollback-refused", why, {
    help: "declare a rollback in the channel, or promote a newer version; a person at the machine may roll back to any",
  });
}
