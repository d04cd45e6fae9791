import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Area, EVENT_NAMES, EVENTS, type Fact, type News } from "../../controller/notify/fact.ts";
import { NEW_RECEIVER, readKept, writeKept } from "../../controller/notify/kept-notifications.ts";
import { MOST_TOLD, nextNews, type ToldFacts } from "../../controller/notify/next-news.ts";

const DAY = 86_400;
const T = 1_800_000_000;

function fact(more: Partial<Fact> = {}): Fact {
  return {
    ...{ key: "halted agent/stable", variant: "1.4.2", event: "halted", at: T },
    ...{ subject: { product: "agent", channel: "stable" }, title: "it is halted", lines: ["why"], page: "/" },
    ...more,
  };
}

function area(facts: readonly Fact[], isKnown = true): Area {
  return { name: "rollouts", facts, isKnown };
}

/** What a receiver hears over a time in which the facts are these, one after the other. */
function heard(
  looks: readonly { readonly at: number; readonly areas: readonly Area[] }[],
  repeatAfter: number | null = DAY,
  begin: ToldFacts | undefined = new Map(),
): { readonly news: readonly News[]; readonly told: ToldFacts | undefined } {
  let told = begin;
  const news: News[] = [];
  for (const { at, areas } of looks) {
    const next = nextNews(told, areas, repeatAfter, at);
    told = next.told;
    news.push(...next.news);
  }
  return { news, told };
}

test("a state is told once while it lasts, once more each day, and its end once", () => {
  const lasting = Array.from({ length: 50 }, (_, hour) => ({ at: T + hour * 3600, areas: [area([fact()])] }));
  const over = { at: T + 3 * DAY, areas: [area([])] };
  const { news } = heard([...lasting, over, over]);
  assert.deepEqual(
    news.map(({ phase, at }) => [phase, at]),
    [
      ["began", T],
      ["lasts", T],
      ["lasts", T],
      ["ended", T + 3 * DAY],
    ],
  );
  assert.equal(new Set(news.map(({ id }) => id)).size, 4, "each has an id of its own");
  assert.equal(new Set(news.map(({ thread }) => thread)).size, 1, "and all are one thread");
  assert.equal(heard(lasting, null).news.length, 1, "a receiver that wants it is never told again");
});

test("a receiver that is new is told of what lasts, and not of what happened before it came", () => {
  const facts = [fact(), fact({ key: "promoted", event: "promoted" })];
  const first = nextNews(undefined, [area(facts)], DAY, T);
  assert.deepEqual(
    first.news.map(({ event }) => event),
    ["halted"],
  );
  const later = fact({ key: "promoted", event: "promoted", variant: "1.4.3" });
  const { news } = nextNews(first.told, [area([fact(), later])], DAY, T + 60);
  assert.deepEqual(
    news.map(({ event, phase }) => [event, phase]),
    [["promoted", "happened"]],
  );
});

test("nothing has ended while nobody knows, and what is too faint to be told keeps what was told from ending", () => {
  const told = area([fact()]);
  const faint = area([fact({ isFaint: true })]);
  const looks = [told, area([], false), faint, area([], false)].map((one, index) => ({
    at: T + index * 60,
    areas: [one],
  }));
  assert.deepEqual(
    heard(looks).news.map(({ phase }) => phase),
    ["began"],
  );
  assert.deepEqual(heard([{ at: T, areas: [faint] }]).news, []);
  assert.deepEqual(
    heard([...looks, { at: T + 600, areas: [area([])] }]).news.map(({ phase }) => phase),
    ["began", "ended"],
  );
});

test("another variant of the same is news, and the one before it is not said to have ended", () => {
  const looks = ["a", "b", "b"].map((variant, index) => ({
    at: T + index * 60,
    areas: [area([fact({ key: "commit", event: "refused", variant })])],
  }));
  assert.deepEqual(
    heard(looks).news.map(({ phase, event }) => [phase, event]),
    [
      ["began", "refused"],
      ["began", "refused"],
    ],
  );
});

const anyFact = fc.record({
  key: fc.constantFrom("a", "b", "c", "d"),
  variant: fc.constantFrom("1", "2"),
  event: fc.constantFrom(...EVENT_NAMES),
  isFaint: fc.boolean(),
});

const anyLooks = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 2 * DAY }),
    isKnown: fc.boolean(),
    facts: fc.uniqueArray(anyFact, { selector: ({ key }) => key }),
  }),
  { maxLength: 30 },
);

interface Look {
  readonly at: number;
  readonly areas: readonly Area[];
}

interface Step {
  readonly after: number;
  readonly isKnown: boolean;
  readonly facts: readonly (Pick<Fact, "key" | "variant" | "event"> & { readonly isFaint: boolean })[];
}

function looksOf(steps: readonly Step[]): Look[] {
  let at = T;
  return steps.map(({ after, isKnown, facts }) => {
    at += after;
    const said = facts.map(({ isFaint, ...one }) => fact({ ...one, ...(isFaint ? { isFaint } : {}) }));
    return { at, areas: [area(said, isKnown)] };
  });
}

test("whatever happens: the same look is no news twice, and only what began can last or end", () => {
  fc.assert(
    fc.property(anyLooks, fc.option(fc.integer({ min: 1, max: DAY })), (steps, repeatAfter) => {
      const open = new Map<string, boolean>();
      let told: ToldFacts | undefined = new Map();
      for (const { at, areas } of looksOf(steps)) {
        const next = nextNews(told, areas, repeatAfter, at);
        assert.deepEqual(nextNews(next.told, areas, repeatAfter, at).news, [], "the same look twice");
        for (const { thread, phase } of next.news) {
          if (phase === "began") assert.notEqual(open.get(thread), true, "it began twice");
          if (phase === "lasts" || phase === "ended") assert.equal(open.get(thread), true, "it never began");
          if (phase === "lasts") assert.notEqual(repeatAfter, null);
          if (phase !== "happened") open.set(thread, phase !== "ended");
        }
        assert.ok(next.told.size <= 4, "no more is remembered than there are keys");
        told = next.told;
      }
    }),
  );
});

test("whatever happens: each state that is seen with all known is told, and what is told is what is seen", () => {
  fc.assert(
    fc.property(anyLooks, (steps) => {
      let told: ToldFacts | undefined = new Map();
      for (const { at, areas } of looksOf(steps)) {
        told = nextNews(told, areas, DAY, at).told;
        const [only] = areas;
        for (const { key, variant, event, isFaint } of only?.facts ?? []) {
          if (isFaint === true) continue;
          assert.deepEqual([told.get(key)?.variant, told.get(key)?.event], [variant, event]);
        }
        if (only?.isKnown === true) {
          const keys = new Set(only.facts.map(({ key }) => key));
          for (const key of told.keys()) assert.ok(keys.has(key), "it is over and still remembered");
        }
      }
    }),
  );
});

test("whatever happens: a restart between any two looks changes nothing of what is told", () => {
  fc.assert(
    fc.property(anyLooks, fc.nat({ max: 29 }), (steps, at) => {
      const looks = looksOf(steps);
      const whole = heard(looks).news;
      const before = heard(looks.slice(0, at));
      const disk = writeKept(new Map([["ops", { ...NEW_RECEIVER, told: before.told }]]));
      const after = heard(looks.slice(at), DAY, readKept(disk).get("ops")?.told);
      assert.deepEqual([...before.news, ...after.news], whole);
    }),
  );
});

test("what is remembered is bounded, and what does not fit is not told to have ended", () => {
  const facts = Array.from({ length: MOST_TOLD + 10 }, (_, index) => fact({ key: `halted ${index}` }));
  const { news, told } = heard([
    { at: T, areas: [area(facts)] },
    { at: T + 60, areas: [area([])] },
  ]);
  assert.equal(news.filter(({ phase }) => phase === "began").length, MOST_TOLD);
  assert.equal(news.filter(({ phase }) => phase === "ended").length, MOST_TOLD);
  assert.equal(told?.size, 0);
});

test("every kind of news has a type of its own, and so has the end of each state", () => {
  const types = Object.values(EVENTS).map(({ type }) => type);
  assert.equal(new Set(types).size, types.length);
  for (const type of types) assert.match(type, /^fairlead\.[a-z]+\.[a-z-]+$/);
});
