/**
 * What both sides of Fairlead must agree on, for programs of other people: the decision function, the gate, the
 * documents of the signed manifest and their canonical bytes. Everything here is pure.
 */
export { Barriers } from "./barriers.ts";
export { canonicalBytes, canonicalJson } from "./canonical-json.ts";
export { cohort } from "./cohort.ts";
export { decide, type Policy } from "./decide.ts";
export * from "./decision.ts";
export type { BlockedVersion, Device, Installed, LocalState } from "./device.ts";
export { isSha256Hex, sha256Hex } from "./digest.ts";
export { DomainError } from "./domain-error.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export * from "./gate/failure-causes.ts";
export * from "./gate/judge-gate.ts";
export * from "./gate/sequential-test.ts";
export * from "./gate/standing.ts";
export * from "./gate/strata.ts";
export * from "./gate/tallies.ts";
export * from "./gate/tenant-cap.ts";
export * from "./manifest-names.ts";
export * from "./policy.ts";
export { PROTOCOL_ERRORS, ProtocolError, type ProtocolErrorCode } from "./protocol-error.ts";
export * from "./release.ts";
export * from "./requirements.ts";
export { formatPpm, type Ppm, parsePercent, WHOLE_PPM } from "./share.ts";
export { type Opening, openingAtOrAfter, requireWindow } from "./update-window.ts";
export { type UpgradePath, upgradePath } from "./upgrade-path.ts";
export { compareVersions, isRange, isVersion, type VersionScheme, versionInRange } from "./version.ts";
export { turnOf, waveDelay } from "./waves.ts";
