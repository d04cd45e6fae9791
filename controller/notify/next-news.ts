import { sha256Hex } from "../../protocol/digest.ts";
import { type Area, EVENTS, type EventName, type Fact, type News, type Phase, type Subject } from "./fact.ts";

/** What a receiver was told of one key. */
export interface Told {
  readonly area: string;
  readonly variant: string;
  readonly event: EventName;
  readonly subject: Subject;
  readonly title: string;
  readonly page: string;
  /** `at` of the fact when it was told first. */
  readonly at: number;
  /** When it was told first and last, seconds since 1970. */
  readonly firstToldAt: number;
  readonly toldAt: number;
  /** How many times. */
  readonly times: number;
}

/** By key. */
export type ToldFacts = ReadonlyMap<string, Told>;

export interface NextNews {
  readonly told: ToldFacts;
  readonly news: readonly News[];
}

/** Keys that are remembered of one receiver. A fleet with more channels than that is told of those that fit. */
export const MOST_TOLD = 5_000;

/**
 * What is news for a receiver, and what it has been told of afterwards.
 *
 * - A state is told when it begins, again after `repeatAfter` seconds while it lasts, and when it has ended; a state that was
 *   not told is not told to have ended.
 * - A happening is told once. To a receiver that was never told anything, what happened before is no news.
 * - The same facts at the same time are no news a second time.
 *
 * @param before `undefined`: this receiver was never told anything
 * @param repeatAfter `null`: never again
 * @param now    seconds since 1970
 */
export function nextNews(
  before: ToldFacts | undefined,
  areas: readonly Area[],
  repeatAfter: number | null,
  now: number,
): NextNews {
  const told = new Map(before);
  const news: News[] = [];
  for (const area of areas) {
    const seen = new Set<string>();
    for (const fact of area.facts) {
      seen.add(fact.key);
      const known = told.get(fact.key);
      const isSame = known?.variant === fact.variant && known.event === fact.event;
      if (fact.isFaint === true && !isSame) {
        // What was told under this key was something else, and it is over.
        if (known !== undefined) seen.delete(fact.key);
        continue;
      }
      if (known === undefined || !isSame) {
        if (known === undefined && told.size >= MOST_TOLD) continue;
        const isHappening = EVENTS[fact.event].kind === "happening";
        const first: Told = { ...rememberedOf(fact, area.name), firstToldAt: now, toldAt: now, times: 1 };
        told.set(fact.key, first);
        if (!isHappening || before !== undefined)
          news.push(newsOf(fact, isHappening ? "happened" : "began", first));
        continue;
      }
      const isDue = repeatAfter !== null && now - known.toldAt >= repeatAfter;
      if (EVENTS[fact.event].kind === "happening" || !isDue || fact.isFaint === true) continue;
      const again = { ...known, title: fact.title, toldAt: now, times: known.times + 1 };
      told.set(fact.key, again);
      news.push(newsOf({ ...fact, at: known.at }, "lasts", again));
    }
    if (!area.isKnown) continue;
    for (const [key, known] of told) {
      if (known.area !== area.name || seen.has(key)) continue;
      told.delete(key);
      if (EVENTS[known.event].kind === "state") news.push(endOf(key, known, area, now));
    }
  }
  return { told, news };
}

function rememberedOf(
  { variant, event, subject, title, page, at }: Fact,
  area: string,
): Omit<Told, "firstToldAt" | "toldAt" | "times"> {
  return { area, variant, event, subject, title, page, at };
}

function newsOf(fact: Fact, phase: Phase, told: Told): News {
  const { key, event, subject, at, title, lines, page } = fact;
  return { ...named(key, told, phase), event, phase, subject, at, title, lines, page };
}

function endOf(key: string, known: Told, area: Area, now: number): News {
  const { event, subject, title, page } = known;
  const how = area.endOf?.({ event, subject });
  return {
    ...named(key, known, "ended"),
    ...{ event, phase: "ended", subject, at: now, page },
    title: how ?? `over: ${title}`,
    lines: how === undefined ? [] : [`before: ${title}`],
  };
}

/** What becomes so again after it had ended is another thread. */
function named(
  key: string,
  { variant, event, firstToldAt, times }: Told,
  phase: Phase,
): Pick<News, "id" | "thread"> {
  const thread = sha256Hex(JSON.stringify([key, variant, event, firstToldAt])).slice(0, 32);
  return { thread, id: sha256Hex(JSON.stringify([thread, phase, times])).slice(0, 32) };
}
