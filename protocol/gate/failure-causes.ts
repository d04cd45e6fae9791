import type { Gate } from "../policy.ts";

/** Failures that speak against the release: a gate counts them unless it lists other causes. */
export const CAUSES_AGAINST_RELEASE = [
  "self-test-failed",
  "confirm-failed",
  "bad-binary",
  "crash-loop",
  "wrong-arch",
  // Said confirmed, and the next check-in still says the old version: the update left the old program running.
  "restart-race",
  "silent",
] as const;

/** Failures of the machine or its surroundings: reported and shown, but no reason to halt unless a gate lists them. */
export const CAUSES_OF_THE_MACHINE = [
  "disk-full",
  "network",
  "not-writable",
  "noexec",
  "tls-interception",
  "antivirus",
  "locked",
  "clock-skew",
  "interrupted",
] as const;

/** Why an update did not come about on a device. */
export const FAILURE_CAUSES = [...CAUSES_AGAINST_RELEASE, ...CAUSES_OF_THE_MACHINE] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** Whether a failure counts at the gate. An unknown or missing cause counts: what cannot be read fails closed. */
export function countsAtGate(gate: Pick<Gate, "causes">, cause: string | undefined): boolean {
  const isKnown = (FAILURE_CAUSES as readonly (string | undefined)[]).includes(cause);
  const listed: readonly (string | undefined)[] = gate.causes ?? CAUSES_AGAINST_RELEASE;
  return !isKnown || listed.includes(cause);
}
