import { PRODUCT } from "./fleet-state.ts";
import type { ServedController } from "./served-controller.ts";

/** What the controller says of a rollout, as far as the story needs it. */
export interface RolloutAnswer {
  readonly version: string;
  readonly state: string;
  readonly reason: string;
  readonly signatures: readonly { readonly signature: string; readonly devices: number }[];
  readonly shared: readonly { readonly text: string }[];
}

export async function askRollout(controller: ServedController): Promise<RolloutAnswer | undefined> {
  const answer = await controller.ask("GET", `/api/v1/rollouts/${PRODUCT}/stable`);
  return isRollout(answer) ? answer : undefined;
}

function isRollout(value: unknown): value is RolloutAnswer {
  return (
    typeof value === "object" &&
    value !== null &&
    "state" in value &&
    "reason" in value &&
    "version" in value &&
    "signatures" in value &&
    Array.isArray(value.signatures) &&
    "shared" in value &&
    Array.isArray(value.shared)
  );
}

/** Devices that a bad version reaches before the gate stops it, by `fairlead simulate --runs`. */
export interface Foretold {
  readonly halted: number;
  readonly median: number;
  readonly p95: number;
}

/** @throws Error for an answer of another form */
export function readForetold(json: string): Foretold {
  const { cases }: { readonly cases: readonly SimulatedCase[] } = JSON.parse(json);
  const bad = cases.find(({ isGood }) => !isGood);
  if (bad === undefined) throw new Error("the simulation has no bad version");
  return { halted: bad.halted, ...bad.reached };
}

interface SimulatedCase {
  readonly isGood: boolean;
  readonly halted: number;
  readonly reached: { readonly median: number; readonly p95: number };
}
