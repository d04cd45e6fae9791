import { barriersFor } from "../../protocol/barriers.ts";
import { findRelease, isActive } from "../../protocol/candidates.ts";
import type { Device } from "../../protocol/device.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import { type Release, type ReleaseArtifact, type Releases, signedScheme } from "../../protocol/release.ts";
import { describeUnmet, unmetRequirements } from "../../protocol/requirements.ts";
import { beyondSignedRange } from "../../protocol/rollback-range.ts";
import { choicesDenied } from "../../protocol/rules/local-choices.ts";
import { nearest, pauseOf, scopesOf } from "../../protocol/scope.ts";
import { compareVersions, isVersion, versionInRange } from "../../protocol/version.ts";
import { HelperError } from "../helper-link/helper-error.ts";

/** What the helper judges by: verified by itself, or its own notes. */
export interface Judged {
  readonly releases: Releases;
  readonly policy: ProductPolicy;
  /** Where root says that the machine belongs to one. */
  readonly tenant?: TenantPolicy;
  /** As root says and reads it, and never by the agent's word. */
  readonly device: Device;
  /** How this machine has the product. */
  readonly format: string;
  /** Absent: nothing is installed, or nobody knows what. */
  readonly installed?: string;
  readonly newestConfirmed?: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** What may be installed, with what was signed about it. */
export interface Installable {
  readonly release: Release;
  readonly artifact: ReleaseArtifact;
}

/**
 * What must hold whatever the agent says: the part of `decide` that keeps a machine safe, and not the part that brings
 * it up to date. So a stolen agent may choose among the versions that are signed, active and reachable; it reaches no
 * other product's, no yanked one, none below what may be rolled back to, and none past a barrier.
 *
 * @throws HelperError
 */
export function requireInstallable(version: string, judged: Judged): Installable {
  const { releases, policy, device, format } = judged;
  const { platform } = device;
  const release = findRelease(releases, version);
  const artifact = release?.artifacts.find((one) => one.platform === platform && one.format === format);
  if (release === undefined || artifact === undefined) {
    throw new HelperError("helper/not-signed", `no ${format} of ${version} is signed for ${platform}`, {
      help: "the helper installs what the release key signed, and nothing else",
    });
  }
  if (!isActive(policy, release, platform)) {
    throw new HelperError("helper/yanked", `${version} is yanked`, {
      help: "let the agent check again: it then offers another version",
    });
  }
  requireKnown(judged);
  requireNotPaused(judged);
  requireWay(release, judged);
  requireFit(artifact, version, device);
  return { release, artifact };
}

/** A tenant that only the agent names is none: whoever has the agent's user could name any. */
function requireKnown({ policy, tenant }: Judged): void {
  if (policy.fleet.unknownDevices !== "hold" || tenant !== undefined) return;
  const why = "the fleet holds devices without a tenant, and root has named none for this one";
  throw new HelperError("helper/unknown-device", why, {
    help: "name `tenant` and `tenant_key` in the helper's config, as the agent's own config has them",
  });
}

/** The channel's pause holds where policy alone says the channel: else the agent could name another. */
function requireNotPaused({ policy, tenant, device, now }: Judged): void {
  const scopes = scopesOf(policy, tenant, device);
  const channel =
    choicesDenied({ scopes }) === undefined
      ? undefined
      : (nearest(scopes, "channel")?.value ?? policy.fleet.defaultChannel);
  const paused = pauseOf(policy, channel, scopes, now);
  if (paused === undefined) return;
  const { label, pause } = paused;
  const why = pause.reason === undefined ? "" : `: ${pause.reason}`;
  throw new HelperError("helper/paused", `${label} is paused, so no ${policy.product} is installed${why}`, {
    help: "wait until the pause ends, or end it in the state repository",
  });
}

function requireFit({ requires, size }: ReleaseArtifact, version: string, { facts }: Device): void {
  const unmet = unmetRequirements(requires, facts ?? {}, size);
  if (unmet.length === 0) return;
  const lacking = unmet.map(describeUnmet).join(", ");
  throw new HelperError("helper/misfit", `this machine cannot run ${version}: ${lacking}`, {
    help: "let the agent check again: it takes a version that runs here; or give the machine what is named",
  });
}

function requireWay(release: Release, { releases, device, installed, newestConfirmed }: Judged): void {
  const scheme = signedScheme(release);
  const { version, upgradeFrom } = release;
  // What nobody can tell is judged by the newest that was here: a file that was put there by hand opens no way down.
  const from = installed !== undefined && isVersion(scheme, installed) ? installed : newestConfirmed;
  if (from === undefined) return;
  const isDown = !isVersion(scheme, from) || compareVersions(scheme, version, from) < 0;
  if (isDown) {
    const beyond = beyondSignedRange(scheme, releases, { installed: from, newestConfirmed }, version);
    if (beyond === undefined) return;
    throw new HelperError("helper/downgrade", beyond, {
      help: "promote a newer version, or sign `rollbackTo` in the release; root may install by hand",
    });
  }
  if (compareVersions(scheme, version, from) === 0) return;
  const barrier = barriersFor(scheme, releases, device.platform).between(from, version)[0];
  if (barrier !== undefined) throw offTheWay(`everybody older passes through ${barrier.version} first`, from);
  if (upgradeFrom !== undefined && !versionInRange(scheme, from, upgradeFrom)) {
    throw offTheWay(`${version} accepts ${upgradeFrom}`, from);
  }
}

function offTheWay(why: string, from: string): HelperError {
  return new HelperError("helper/off-the-way", `${why}, and ${from} is installed`, {
    help: "let the agent update through the versions that the release key wants in between",
  });
}
