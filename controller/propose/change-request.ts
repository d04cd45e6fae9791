import { advanceWaves } from "../edit/advance-waves.ts";
import type { Edit, EditContext } from "../edit/edit.ts";
import { pauseScope, resumeScope } from "../edit/pause-scope.ts";
import { pinVersion, unpinVersion } from "../edit/pin-version.ts";
import { promoteVersion } from "../edit/promote-version.ts";
import { resumeHalt } from "../edit/resume-halt.ts";
import { rollBack } from "../edit/roll-back.ts";
import { setMinimum } from "../edit/set-minimum.ts";
import { unyankVersion, yankVersion } from "../edit/yank-version.ts";

/** Whom a change is about: the fleet, a product, a channel of one, a tenant, or one site, group or device of a tenant. */
export interface ChangeScope {
  readonly fleet?: boolean;
  readonly product?: string;
  readonly channel?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly group?: string;
  readonly device?: string;
}

/** One change of state that a person asks for on the page; each is a command of the same name. */
export type ChangeRequest =
  | { readonly kind: "promote"; readonly product: string; readonly channel: string; readonly version: string }
  | {
      readonly kind: "rollback";
      readonly product: string;
      readonly channel: string;
      readonly version: string;
      readonly reason: string;
    }
  | {
      readonly kind: "yank" | "unyank";
      readonly product: string;
      readonly version: string;
      readonly platforms?: readonly string[];
      readonly reason: string;
    }
  | {
      readonly kind: "pause";
      readonly scope: ChangeScope;
      readonly reason: string;
      /** When it ends by itself, as state writes it. */
      readonly until?: string;
    }
  | { readonly kind: "resume"; readonly scope: ChangeScope; readonly reason?: string }
  | {
      /** Ends the halt of what a channel points to. */
      readonly kind: "resume-halt";
      readonly product: string;
      readonly channel: string;
      readonly reason: string;
      readonly restartWaves?: boolean;
    }
  | {
      readonly kind: "advance";
      readonly product: string;
      readonly channel: string;
      /** How many are open then, counted from the first; absent: one more. */
      readonly waves?: number | "all";
    }
  | {
      readonly kind: "pin";
      readonly scope: ChangeScope;
      readonly version: string;
      readonly reason: string;
      readonly owner?: string;
      readonly expires?: string;
    }
  | { readonly kind: "unpin"; readonly scope: ChangeScope; readonly reason?: string }
  | {
      readonly kind: "min-version";
      readonly scope: Pick<ChangeScope, "fleet" | "product" | "channel">;
      readonly version: string;
      readonly reason?: string;
    };

export const CHANGE_KINDS = [
  "promote",
  "rollback",
  "yank",
  "unyank",
  "pause",
  "resume",
  "resume-halt",
  "advance",
  "pin",
  "unpin",
  "min-version",
] as const satisfies readonly ChangeRequest["kind"][];

/** What a change does to the files. Pure. @throws EditError */
export function editOf(change: ChangeRequest, context: EditContext): Edit {
  switch (change.kind) {
    case "promote": {
      const { product, channel, version } = change;
      return promoteVersion(context, { product, source: { version }, to: channel });
    }
    case "rollback": {
      const { product, channel, version, reason } = change;
      return rollBack(context, { product, channel, to: version, reason });
    }
    case "yank":
      return yankVersion(context, change);
    case "unyank":
      return unyankVersion(context, change);
    case "pause":
      return pauseScope(context, change);
    case "resume":
      return resumeScope(context, change);
    case "resume-halt": {
      const { product, channel, reason, restartWaves = false } = change;
      return resumeHalt(context, { product, channel, reason, restartsWaves: restartWaves });
    }
    case "advance": {
      const { product, channel, waves } = change;
      return advanceWaves(context, { product, channel, waves });
    }
    case "pin":
      return pinVersion(context, change);
    case "unpin":
      return unpinVersion(context, change);
    case "min-version":
      return setMinimum(context, change);
  }
}

/** The command that makes the same change, for a person to copy. */
export function commandOf(change: ChangeRequest): string {
  return ["fairlead", ...wordsOf(change)].map(quoteWord).join(" ");
}

function wordsOf(change: ChangeRequest): string[] {
  switch (change.kind) {
    case "promote":
      return ["promote", change.version, "--to", change.channel, "--product", change.product];
    case "rollback": {
      const { channel, version, product, reason } = change;
      return ["rollback", channel, "--to", version, "--product", product, "--reason", reason];
    }
    case "yank":
    case "unyank": {
      const { kind, version, product, platforms = [], reason } = change;
      const named = platforms.flatMap((platform) => ["--platform", platform]);
      return [kind, version, "--product", product, ...named, "--reason", reason];
    }
    case "pause":
      return [
        "pause",
        ...scopeWords(change.scope),
        ...option("--reason", change.reason),
        ...option("--until", change.until),
      ];
    case "resume":
    case "unpin":
      return [change.kind, ...scopeWords(change.scope), ...option("--reason", change.reason)];
    case "resume-halt": {
      const { channel, product, reason, restartWaves } = change;
      const halt = ["--halt", ...(restartWaves === true ? ["--restart-waves"] : [])];
      return ["resume", "--channel", channel, "--product", product, ...halt, "--reason", reason];
    }
    case "advance": {
      const { channel, product, waves } = change;
      const wanted = waves === "all" ? ["--all"] : option("--waves", waves?.toString());
      return ["advance", channel, "--product", product, ...wanted];
    }
    case "pin": {
      const { version, scope, reason, owner, expires } = change;
      const details = [
        ...option("--reason", reason),
        ...option("--owner", owner),
        ...option("--expires", expires),
      ];
      return ["pin", version, ...scopeWords(scope), ...details];
    }
    case "min-version":
      return [
        "min-version",
        change.version,
        ...scopeWords(change.scope),
        ...option("--reason", change.reason),
      ];
  }
}

function scopeWords({ fleet, ...named }: ChangeScope): string[] {
  const names = ["product", "channel", "tenant", "site", "group", "device"] as const;
  return [
    ...(fleet === true ? ["--fleet"] : []),
    ...names.flatMap((name) => option(`--${name}`, named[name])),
  ];
}

function option(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value];
}

/** As a POSIX shell reads it back. */
function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
