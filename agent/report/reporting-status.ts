import type { RequestResult } from "../../protocol/check-in/device-request.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { CheckInNotesFile } from "./check-in-notes.ts";
import { HandledRequests } from "./handled-requests.ts";
import type { Spool } from "./spool.ts";

/** How it stands with what the controller is told, from this machine's own notes. */
export interface ReportingStatus {
  /** Seconds since 1970 at which the controller last recorded a check-in; `null`: never. */
  readonly recordedAt: number | null;
  /** Why the last try came to nothing, or what the controller has against this machine. */
  readonly trouble: { readonly at: number; readonly code: string; readonly text: string } | null;
  /** Attempts that wait to be reported, and how many were let go of because too many waited. */
  readonly waiting: number;
  readonly dropped: number;
  /** What operators asked for, newest first; `outcome` is `null` while it is being done. */
  readonly requests: readonly {
    readonly id: string;
    readonly outcome: { readonly result: RequestResult; readonly text: string } | null;
    readonly acknowledged: boolean;
  }[];
}

/** Requests that are shown. */
const MOST_SHOWN = 5;

export function reportingStatus({ checkIns, requests }: AgentHome, spool: Spool): ReportingStatus {
  const { recordedAt = null, trouble = null } = new CheckInNotesFile(checkIns).read();
  const { count, dropped } = spool.waiting();
  return {
    ...{ recordedAt, trouble, waiting: count, dropped },
    requests: new HandledRequests(requests)
      .read()
      .slice(-MOST_SHOWN)
      .reverse()
      .map(({ id, outcome = null, acknowledged = false }) => ({ id, outcome, acknowledged })),
  };
}
