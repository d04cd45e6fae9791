import { describeDecision } from "../agent/output/describe-decision.ts";
import {
  type DeviceRequest,
  LONGEST_OUTCOME_TEXT,
  type RequestOutcome,
} from "../protocol/check-in/device-request.ts";
import type { Decision } from "../protocol/decision.ts";
import { beyondSignedRange } from "../protocol/rollback-range.ts";
import type { SoftwareMemory } from "./software.ts";
import type { Manifest } from "./verified-manifest.ts";
import type { Ending } from "./world.ts";

/** What operators asked of one machine: each is done once, and what became of it is told until it is acknowledged. */
export class AskedOfDevice {
  private readonly takenOn = new Set<string>();
  private told: readonly RequestOutcome[] = [];

  /** Outcomes that nobody has acknowledged. */
  get outcomes(): readonly RequestOutcome[] {
    return this.told;
  }

  /** @returns those that have not been taken on before */
  takeOn(requests: readonly DeviceRequest[]): readonly DeviceRequest[] {
    const fresh = requests.filter(({ id }) => !this.takenOn.has(id));
    for (const { id } of fresh) this.takenOn.add(id);
    return fresh;
  }

  settle(id: string, { result, text }: Outcome): void {
    this.told = [...this.told, { id, result, text: text.slice(0, LONGEST_OUTCOME_TEXT) }];
  }

  acknowledge(ids: ReadonlySet<string>): void {
    this.told = this.told.filter(({ id }) => !ids.has(id));
  }
}

export type Outcome = Omit<RequestOutcome, "id">;

/** What is said where a decision led to nothing: as an agent says it. */
export function withoutInstallation(product: string, version: string, decision: Decision): Outcome {
  const text = describeDecision(product, version, decision);
  const isFine = decision.action === "stay" || decision.action === "none";
  return { result: isFine ? "nothing-to-do" : "refused", text };
}

export function afterInstallation(to: string, ending: Ending): Outcome {
  switch (ending.kind) {
    case "confirmed":
      return { result: "done", text: `${to} is installed and confirmed` };
    case "failed":
      return { result: "failed", text: `${to} was not installed: ${ending.message}` };
    case "vanished":
      return { result: "failed", text: `nobody knows what became of ${to}` };
  }
}

/** The version that a machine may be sent back to, or why there is none. */
export function wayBack(
  { policy, releases }: Manifest,
  { version, previous, newestConfirmed }: SoftwareMemory,
): { readonly to: string } | { readonly refused: string } {
  if (previous === undefined) return { refused: "no version from before is kept" };
  const beyond = beyondSignedRange(
    policy.versionScheme,
    releases,
    { installed: version, newestConfirmed },
    previous,
  );
  return beyond === undefined ? { to: previous } : { refused: beyond };
}
