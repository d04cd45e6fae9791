/** What a commit did to what devices run. */
export type HistoryKind =
  | "promote"
  | "rollback"
  | "yank"
  | "unyank"
  | "pin"
  | "unpin"
  | "pause"
  | "resume"
  | "halt"
  | "unhalt"
  | "advance";

/** One thing that a commit did. */
export interface HistoryEvent {
  readonly kind: HistoryKind;
  /** Relative to the state root. */
  readonly file: string;
  /** Absent: it concerns every product. */
  readonly product?: string | undefined;
  readonly channel?: string | undefined;
  /** The version promoted, yanked, pinned, halted or opened further. */
  readonly version?: string | undefined;
  /** Of an advance: how many of its waves are open since then. */
  readonly waves?: number | undefined;
  /** Of a yank for some platforms alone, or the end of one. */
  readonly platforms?: readonly string[] | undefined;
  /** Of a promotion or a rollback: what the channel pointed to before. */
  readonly from?: string | undefined;
  /** Of a pin or a pause: `fleet`, `tenant acme`, `site acme/berlin`, `device d-1`, ... */
  readonly scope?: string | undefined;
  readonly reason?: string | undefined;
}

/** An event with who did it, when. */
export interface HistoryEntry extends HistoryEvent {
  readonly commit: string;
  /** `Name <mail>` */
  readonly author: string;
  /** Commit time, seconds since 1970. */
  readonly at: number;
  /** First line of the commit message. */
  readonly subject: string;
}

export interface HistoryFilter {
  readonly product?: string | undefined;
  readonly channel?: string | undefined;
  readonly version?: string | undefined;
}

/** Whether an event is one that was asked for. What concerns every product concerns the one asked for, too. */
export function matchesFilter(event: HistoryEvent, { product, channel, version }: HistoryFilter): boolean {
  if (product !== undefined && event.product !== undefined && event.product !== product) return false;
  if (channel !== undefined && event.channel !== channel) return false;
  return version === undefined || event.version === version || event.from === version;
}
