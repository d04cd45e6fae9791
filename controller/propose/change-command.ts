import type { ChangeRequest, ChangeScope } from "./change-request.ts";

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
