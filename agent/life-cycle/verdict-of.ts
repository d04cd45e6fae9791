import { InstallError } from "../installation/install-error.ts";
import { refusalOf } from "../output/refusal.ts";
import { keptReason } from "../state/agent-state.ts";
import type { Verdict } from "./journal.ts";

/** What an error says against a swapped build. */
export function verdictOf(error: unknown, step: Verdict["step"]): { reason: string; verdict: Verdict } {
  const log = error instanceof InstallError ? error.log : undefined;
  const verdict = { step, code: refusalOf(error).id, ...(log === undefined ? {} : { log }) };
  return { reason: reasonOf(error), verdict };
}

/** The same in one text, as long as it is kept. */
export function reasonOf(error: unknown): string {
  const { id, message, got } = refusalOf(error);
  return keptReason(`${id}: ${message}${got === undefined ? "" : ` (got ${got})`}`);
}
