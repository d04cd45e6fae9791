import { refusalOf } from "../output/refusal.ts";
import type { Session } from "./open-session.ts";

/** Seconds to wait for a daemon on the same machine that is checking in. */
const PATIENCE = 5;

/**
 * Tells the controller what a command did. Never throws and decides no exit code: what cannot be told now waits on disk,
 * and goes with the next check-in.
 */
export async function reportNow({ agent, log }: Session, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    const result = await agent.checkIn(PATIENCE);
    if (result?.trouble === undefined) return;
    log.event("warn", "check-in", withHelp(result.trouble));
  } catch (error) {
    log.event(
      "warn",
      "not-reported",
      `not reported: ${withHelp(error)}; what there is to report waits on this machine`,
    );
  }
}

function withHelp(error: unknown): string {
  const { id, message, help } = refusalOf(error);
  return `${id}: ${message}${help === undefined ? "" : ` (${help})`}`;
}
