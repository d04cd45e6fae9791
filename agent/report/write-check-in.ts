import type { Attempt } from "../../protocol/check-in/attempt.ts";
import {
  CHECK_IN_SCHEMA_VERSION,
  type CheckIn,
  MOST_CHECK_IN_BYTES,
  type ProductReport,
  type ReportedDecision,
} from "../../protocol/check-in/check-in.ts";
import type { Decision } from "../../protocol/decision.ts";
import { type LocalChoices, localChoices } from "../../protocol/device.ts";
import type { AgentState } from "../state/agent-state.ts";

/** As much of a reason as goes into a check-in. */
const LONGEST_REASON = 300;

/** How the product stands, from this machine's own notes. */
export interface ProductStanding {
  readonly product: string;
  readonly format: string;
  readonly choices: LocalChoices;
  readonly state: AgentState;
  readonly newestConfirmed?: string | undefined;
  readonly journal: string;
  /** The last decision, where one was made since the start. */
  readonly decision?: Decision | undefined;
  /** Version of the timestamp role that is trusted. */
  readonly manifest?: number | undefined;
}

export function reportProduct(standing: ProductStanding): ProductReport {
  const { product, format, choices, state, newestConfirmed, journal, decision, manifest } = standing;
  const { installed, blocked, lastCheckAt, failedCheck } = state;
  return {
    ...{ product, format, journal },
    installed: installed === undefined ? null : { version: installed.version, digest: installed.id },
    ...localChoices(choices),
    blocked: blocked.map(({ version, reason, until }) => ({ version, reason: brief(reason), until })),
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    ...(lastCheckAt === undefined ? {} : { lastCheckAt }),
    ...(manifest === undefined ? {} : { manifest }),
    ...(decision === undefined ? {} : { decision: reportDecision(decision) }),
    ...(failedCheck === undefined
      ? {}
      : { failedCheck: { at: failedCheck.at, code: failedCheck.cause, message: brief(failedCheck.reason) } }),
  };
}

function reportDecision(decision: Decision): ReportedDecision {
  const { action } = decision;
  switch (action) {
    case "paused":
    case "none":
      return { action };
    case "refuse": {
      const { code, target } = decision;
      return { action, code, ...(target === undefined ? {} : { target }) };
    }
    case "wait": {
      const { target, waitingFor, eligibleAt } = decision;
      return { action, target, waitingFor, ...(eligibleAt === undefined ? {} : { eligibleAt }) };
    }
    case "stay":
    case "update":
    case "rollback":
      return { action, target: decision.target };
  }
}

function brief(text: string): string {
  return text.slice(0, LONGEST_REASON);
}

/** The check-in with as many of the attempts as fit, oldest first: the rest waits for the next one. */
export function writeCheckIn(
  checkIn: Omit<CheckIn, "schemaVersion" | "attempts">,
  attempts: readonly Attempt[],
): CheckIn {
  const bare: CheckIn = { schemaVersion: CHECK_IN_SCHEMA_VERSION, ...checkIn, attempts: [] };
  const fitting: Attempt[] = [];
  let size = bytesOf(bare);
  for (const attempt of attempts) {
    size += bytesOf(attempt) + 1;
    if (size > MOST_CHECK_IN_BYTES) break;
    fitting.push(attempt);
  }
  return { ...bare, attempts: fitting };
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
