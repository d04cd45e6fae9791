import { PLAN_DIMENSIONS } from "../../plan/plan.ts";

/** A plan as it is answered: what `fairlead plan --json` prints (controller/plan/plan.ts). */

const seconds = { type: "integer", description: "Seconds since 1970." } as const;
const count = { type: "integer", minimum: 0 } as const;
const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const versionOrNull = { type: ["string", "null"], description: "`null`: not installed." } as const;
const share = { type: "integer", description: "Parts per million." } as const;

/** An answer that holds exactly these. */
function of<P extends object>(properties: P, optional: readonly string[] = []) {
  return {
    type: "object",
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  } as const;
}

function listOf<T extends object>(items: T) {
  return { type: "array", items } as const;
}

export const PLANNED_WAVE = of(
  { share, at: seconds, shut: { type: "boolean", description: "Nobody has opened it yet." } },
  ["shut"],
);

const SCHEDULE = listOf(of({ at: seconds, devices: count }));

export const TRANSITION = of(
  {
    product: text,
    channel: text,
    from: versionOrNull,
    to: versionOrNull,
    devices: count,
    via: texts,
    goesDown: { type: "boolean" },
    waves: listOf(PLANNED_WAVE),
    begins: {
      type: "object",
      additionalProperties: true,
      description: "Since when waves count, and what says so.",
    },
    schedule: { ...SCHEDULE, description: "How many (cumulative) may take it from which second on." },
    examples: texts,
  },
  ["begins"],
);

export const RETIMING = of({
  product: text,
  channel: text,
  version: versionOrNull,
  devices: count,
  earlier: count,
  later: count,
  waves: listOf(PLANNED_WAVE),
  formerWaves: listOf(PLANNED_WAVE),
  schedule: SCHEDULE,
  examples: texts,
});

export const PLAN_WARNING = of({ code: text, message: text, devices: count, help: text }, ["help"]);

export const PLAN_SHARE = of({ name: text, total: count, moving: count });

const SHARES = listOf(PLAN_SHARE);

export const PLAN = {
  description: "What a change would do to the fleet, as if it were merged now.",
  ...of({
    before: text,
    after: text,
    now: seconds,
    inventory: of({
      kind: {
        type: "string",
        enum: ["devices", "scopes"],
        description: "`scopes`: no machine is enrolled; each scope that state names counts as one.",
      },
      name: text,
      total: count,
    }),
    warnings: listOf(PLAN_WARNING),
    blast: of({
      devices: { ...count, description: "Who runs another version than without the change." },
      share,
      stopped: { ...count, description: "Who would have moved, and now does not." },
      retimed: { ...count, description: "Who goes to the same version at another time." },
      touched: count,
      touchedShare: share,
    }),
    transitions: listOf(TRANSITION),
    stopped: listOf(TRANSITION),
    retimed: listOf(RETIMING),
    openings: listOf(
      of({
        product: text,
        channel: text,
        version: text,
        from: count,
        to: count,
        of: count,
        share,
        at: seconds,
      }),
    ),
    by: of(Object.fromEntries(PLAN_DIMENSIONS.map((dimension) => [dimension, SHARES] as const))),
    belowMinimum: listOf(
      of({ product: text, installed: text, minimum: text, devices: count, stuck: count, examples: texts }),
    ),
    refusals: listOf(
      of({
        code: text,
        product: text,
        channel: text,
        installed: versionOrNull,
        target: versionOrNull,
        devices: count,
        added: count,
        reason: text,
        examples: texts,
      }),
    ),
    misfits: listOf(
      of({
        product: text,
        channel: text,
        target: text,
        version: text,
        cause: text,
        devices: count,
        added: count,
        instead: listOf(of({ version: versionOrNull, devices: count })),
        examples: texts,
      }),
    ),
    stranded: listOf(
      of({
        what: { type: "string", enum: ["tenant", "site", "group", "product"] },
        name: text,
        devices: count,
        examples: texts,
      }),
    ),
    held: listOf(
      of({
        by: { type: "string", enum: ["pause", "pin", "halt", "freeze", "window", "request", "wave"] },
        product: text,
        reason: text,
        where: { type: ["string", "null"], description: "File and JSON pointer." },
        devices: count,
        examples: texts,
      }),
    ),
    expectations: {
      description: "Expectations of the state that do not hold with the change.",
      ...listOf(
        of({
          kind: {
            type: "string",
            enum: ["broken", "unmet", "dropped"],
            description:
              "`broken`: by the change. `unmet`: without it, too. `dropped`: the change takes it out or alters it, and does what it forbids.",
          },
          rule: text,
          file: text,
          line: count,
          that: text,
          message: text,
          decidedBy: {
            type: ["object", "null"],
            required: ["file", "line", "text"],
            properties: { file: text, line: count, text },
            description: "The line of state that decides it.",
          },
        }),
      ),
    },
  }),
} as const;
