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
  | "advance"
  /** A minimum version was set, changed or taken away. */
  | "minimum"
  /** A scope chose another channel. */
  | "follow"
  /** A tenant, a product, a channel or a release came. The command leaves these two out: files say so. */
  | "add"
  | "remove";

/** One thing that a commit did. */
export interface HistoryEvent {
  readonly kind: HistoryKind;
  /** Relative to the state root. */
  readonly file: string;
  /** Absent: it concerns every product. */
  readonly product?: string | undefined;
  readonly channel?: string | undefined;
  /** The version promoted, yanked, pinned, halted or opened further; the minimum, absent where there is none any more. */
  readonly version?: string | undefined;
  /** Of an advance: how many of its waves are open since then. */
  readonly waves?: number | undefined;
  /** Of a yank for some platforms alone, or the end of one. */
  readonly platforms?: readonly string[] | undefined;
  /** What was there before: the version that the channel pointed to, the minimum, the channel that a scope followed. */
  readonly from?: string | undefined;
  /** Whom it is about: `fleet`, `tenant acme`, `site acme/berlin`, `device d-1`, `product agent`, ... */
  readonly scope?: string | undefined;
  readonly reason?: string | undefined;
  /** Whose file says so; absent where it is no tenant's. */
  readonly tenant?: string | undefined;
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
  /** Only what the file of this tenant says. */
  readonly tenant?: string | undefined;
}

/** Whether an event is one that was asked for. What concerns every product concerns the one asked for, too. */
export function matchesFilter(
  event: HistoryEvent,
  { product, channel, version, tenant }: HistoryFilter,
): boolean {
  if (tenant !== undefined && event.tenant !== tenant) return false;
  if (product !== undefined && event.product !== undefined && event.product !== product) return false;
  if (channel !== undefined && event.channel !== channel) return false;
  return version === undefined || event.version === version || event.from === version;
}

const GLOBS = [
  "fleet.yaml",
  "products/*/product.yaml",
  "products/*/channels/*.yaml",
  "products/*/versions/*.yaml",
  "tenants/*.yaml",
];

/** The files that can hold such events: for a channel its own file, for a version its own file and the channels. */
export function globsFor({ product, channel, tenant }: HistoryFilter): string[] {
  if (tenant !== undefined) return [`tenants/${tenant}.yaml`];
  if (channel !== undefined) return [`products/${product ?? "*"}/channels/${channel}.yaml`];
  return GLOBS.map((glob) =>
    product === undefined ? glob : glob.replace("products/*", `products/${product}`),
  );
}
