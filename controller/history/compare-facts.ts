import type { HistoryEvent } from "./history-event.ts";
import { type StateFact, type StateFacts, tenantOfFile } from "./state-facts.ts";

/** What happened to one file between two commits. Pure. */
export function compareFacts(file: string, before: StateFacts, after: StateFacts): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const tenant = tenantOfFile(file);
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const event = compareFact(before.get(key), after.get(key));
    if (event !== undefined) events.push({ file, ...event, tenant });
  }
  return events;
}

function compareFact(
  before: StateFact | undefined,
  after: StateFact | undefined,
): Omit<HistoryEvent, "file"> | undefined {
  const fact = after ?? before;
  switch (fact?.kind) {
    case undefined:
      return undefined;
    case "channel":
      return after === undefined ? undefined : comparePointers(before, fact);
    case "yank":
      return compareYanks(before?.kind === "yank" ? before : undefined, after);
    case "pin": {
      const was = before?.kind === "pin" ? before.version : undefined;
      if (after !== undefined && was === fact.version) return undefined;
      const { scope, product, version, reason } = fact;
      return after === undefined
        ? { kind: "unpin", scope, product, version }
        : { kind: "pin", scope, product, version, from: was, reason };
    }
    case "pause": {
      if (before !== undefined && after !== undefined) return undefined;
      const { scope, product, channel, reason } = fact;
      return after === undefined
        ? { kind: "resume", scope, product, channel }
        : { kind: "pause", scope, product, channel, reason };
    }
    case "halt": {
      if (before?.kind === "halt" && after !== undefined && before.version === fact.version) return undefined;
      const { product, channel, version, reason } = fact;
      return after === undefined
        ? { kind: "unhalt", product, channel, version }
        : { kind: "halt", product, channel, version, reason };
    }
    case "resumed": {
      if (after === undefined || (before?.kind === "resumed" && before.at === fact.at)) return undefined;
      const { product, channel, reason } = fact;
      return { kind: "resume", scope: `rollout of ${product}/${channel}`, product, channel, reason };
    }
    case "opened": {
      const was = before?.kind === "opened" && before.version === fact.version ? before.waves : 0;
      const { product, channel, version, waves } = fact;
      return after === undefined || waves <= was
        ? undefined
        : { kind: "advance", product, channel, version, waves };
    }
    case "minimum": {
      if (before?.kind !== "minimum" || after?.kind !== "minimum") return undefined;
      const { scope, product, channel, version } = after;
      if (version === before.version) return undefined;
      return { kind: "minimum", scope, product, channel, version, from: before.version };
    }
    case "follows": {
      // A scope that comes or goes has not changed its mind.
      if (before?.kind !== "follows" || after?.kind !== "follows") return undefined;
      const { scope, channel } = after;
      return channel === before.channel
        ? undefined
        : { kind: "follow", scope, channel, from: before.channel };
    }
  }
}

function comparePointers(
  before: StateFact | undefined,
  { product, channel, version, rollbackFrom, rollbackReason }: StateFact & { kind: "channel" },
): Omit<HistoryEvent, "file"> | undefined {
  const from = before?.kind === "channel" ? before.version : undefined;
  if (version === undefined || version === from) return undefined;
  return from !== undefined && rollbackFrom.includes(from)
    ? { kind: "rollback", product, channel, version, from, reason: rollbackReason }
    : { kind: "promote", product, channel, version, from };
}

/** A version file that is added yanked counts as a yank; a version file that is removed is no event. */
function compareYanks(
  before: (StateFact & { kind: "yank" }) | undefined,
  after: StateFact | undefined,
): Omit<HistoryEvent, "file"> | undefined {
  if (after?.kind !== "yank") return undefined;
  const { product, version, reason } = after;
  if ((before?.isYanked === true) !== after.isYanked) {
    return { kind: after.isYanked ? "yank" : "unyank", product, version, reason };
  }
  const was = before?.platforms ?? [];
  const added = after.platforms.filter((platform) => !was.includes(platform));
  const gone = was.filter((platform) => !after.platforms.includes(platform));
  if (added.length === 0 && gone.length === 0) return undefined;
  // A commit that does both is told by what it takes away.
  return added.length > 0
    ? { kind: "yank", product, version, reason, platforms: added }
    : { kind: "unyank", product, version, reason, platforms: gone };
}
