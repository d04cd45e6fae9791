import type { FailureCause } from "../../protocol/gate/failure-causes.ts";
import type { FetchErrorCode } from "../fetch/fetch-error.ts";
import type { HomeErrorCode } from "../home/home-error.ts";
import type { InstallErrorCode } from "../installation/install-error.ts";
import type { TrustErrorCode } from "../trust/trust-error.ts";

/** Every code with which an attempt can end. */
type EndingCode = InstallErrorCode | HomeErrorCode | FetchErrorCode | TrustErrorCode;

/** What each code says to a gate. Where no cause says it exactly, the nearest of the same side does. */
const CAUSES: Readonly<Record<EndingCode, FailureCause>> = {
  "install/bad-archive": "bad-binary",
  "install/confirm-failed": "confirm-failed",
  "install/crashed": "crash-loop",
  // A service manager says by it that the new version did not come up.
  "install/restart-failed": "confirm-failed",
  "install/package-script-failed": "self-test-failed",
  "install/self-test-failed": "self-test-failed",
  "install/self-test-timeout": "self-test-failed",
  "install/wrong-arch": "wrong-arch",
  "install/wrong-version": "bad-binary",

  "install/aborted": "interrupted",
  "install/bad-staging": "not-writable",
  "install/command-unavailable": "interrupted",
  "install/disk-full": "disk-full",
  "install/download-stalled": "network",
  "install/helper-refused": "interrupted",
  "install/helper-unreachable": "not-writable",
  "install/installer-failed": "interrupted",
  "install/io-error": "not-writable",
  "install/lock-held": "locked",
  "install/lock-unavailable": "locked",
  "install/network": "network",
  "install/new-dependency": "interrupted",
  "install/no-previous": "interrupted",
  "install/no-way-back": "interrupted",
  "install/noexec": "noexec",
  "install/not-writable": "not-writable",
  "install/package-conflict": "interrupted",
  "install/package-held": "locked",
  "install/package-manager-failed": "interrupted",
  "install/package-not-found": "network",
  "install/packages-locked": "locked",
  "install/postponed": "interrupted",
  // Its disk gave back other bytes than it was given.
  "install/previous-damaged": "not-writable",
  "install/replaced": "interrupted",
  "install/repository-missing": "interrupted",
  "install/repository-untrusted": "interrupted",
  "install/rollback-refused": "interrupted",
  "install/service-manager-failed": "interrupted",
  "install/tampered": "tls-interception",
  "install/unconfirmed": "interrupted",
  "install/unsupported": "interrupted",
  "install/wrong-package": "interrupted",

  "home/disk-full": "disk-full",
  "home/io-error": "not-writable",
  "home/lock-busy": "locked",
  "home/lock-unavailable": "locked",
  "home/no-access": "not-writable",
  "home/not-a-folder": "not-writable",

  "fetch/bad-encoding": "tls-interception",
  "fetch/bad-proxy": "network",
  "fetch/bad-redirect": "network",
  "fetch/bad-url": "network",
  "fetch/connection-failed": "network",
  "fetch/http-status": "network",
  "fetch/proxy-refused": "network",
  "fetch/timed-out": "network",
  "fetch/too-large": "network",
  "fetch/too-slow": "network",
  "fetch/untrusted-certificate": "tls-interception",

  "trust/bad-root-chain": "interrupted",
  "trust/clock-backward": "clock-skew",
  "trust/damaged-root": "not-writable",
  "trust/expired": "clock-skew",
  "trust/hash-mismatch": "tls-interception",
  "trust/length-exceeded": "tls-interception",
  "trust/length-mismatch": "tls-interception",
  "trust/malformed": "tls-interception",
  "trust/missing-file": "network",
  "trust/missing-role": "network",
  "trust/no-root": "not-writable",
  "trust/online-key": "interrupted",
  "trust/signature-threshold": "tls-interception",
  "trust/spec-version": "interrupted",
  "trust/store-unusable": "not-writable",
  "trust/unknown-target": "interrupted",
  "trust/version-mismatch": "tls-interception",
  "trust/version-rollback": "tls-interception",
  "trust/wrong-document": "interrupted",
  "trust/wrong-role": "interrupted",
};

/**
 * The cause that a gate judges by. A code that is none of these is a defect of the agent: the attempt was broken off, and
 * nothing is known against the release.
 */
export function failureCause(code: string): FailureCause {
  return isEndingCode(code) ? CAUSES[code] : "interrupted";
}

function isEndingCode(code: string): code is EndingCode {
  return Object.hasOwn(CAUSES, code);
}
