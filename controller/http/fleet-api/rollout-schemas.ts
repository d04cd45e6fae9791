import { CHOICE_KINDS, NEXT_KINDS } from "../../rollout/next-situation.ts";
import { count, ppm, SIGNATURE, seconds, secondsOrNull, text, textOrNull } from "./record-schemas.ts";

/** Rollouts as answers carry them. What a schema does not name is not answered. */

const ROLLOUT_PROPERTIES = {
  product: text,
  channel: text,
  version: text,
  commit: text,
  state: { type: "string", enum: ["pending", "canary", "active", "held", "halted", "done"] },
  reason: { ...text, description: "One sentence, also when nothing changes." },
  since: seconds,
  nextAt: { ...secondsOrNull, description: "When something happens next by itself." },
  allowed: { ...ppm, description: "Share of the channel that may have it, parts per million." },
} as const;

const TALLY_PROPERTIES = {
  offered: { ...count, description: "Devices that were offered it, in all." },
  confirmed: count,
  failed: count,
  excused: { ...count, description: "Failed for a cause of the machine." },
  silent: { ...count, description: "Said nothing until the gate's deadline." },
  underWay: { ...count, description: "Were offered it within the last hour, and are taken to be at it." },
} as const;
const TALLY_COUNTS = ["offered", "confirmed", "failed", "excused", "silent", "underWay"] as const;
const TALLY = { type: "object", required: [...TALLY_COUNTS], properties: TALLY_PROPERTIES } as const;

const REQUIRED = ["product", "channel", "version", "commit", "state", "reason", "since", "allowed"] as const;

export const LISTED_ROLLOUT = {
  type: "object",
  required: [...REQUIRED, "isCurrent", "beganAt", "endedAt", "halts"],
  properties: {
    ...ROLLOUT_PROPERTIES,
    isCurrent: { type: "boolean", description: "Whether the channel points to it now." },
    beganAt: { ...secondsOrNull, description: "When its waves began to count." },
    endedAt: { ...secondsOrNull, description: "When another promotion took its place." },
    halts: { ...count, description: "How often it was halted." },
    devices: { ...count, description: "Of the current one: machines that follow the channel." },
    running: { ...count, description: "Of them, those that run the version." },
    allowedDevices: { ...count, description: "Of them, those that may have it." },
    tally: { ...TALLY, description: "Of the current one." },
    maxFailure: { ...ppm, description: "The failure rate that its gate allows." },
    waves: { type: "array", items: ppm, description: "Shares of its waves." },
  },
} as const;

const TRAIT = {
  type: "object",
  required: ["name", "is", "value"],
  properties: {
    name: { ...text, description: "`platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ..." },
    is: { type: "string", enum: ["equal", "without"] },
    value: text,
  },
} as const;

const MARKS = {
  type: "array",
  items: {
    type: "object",
    required: ["at", "kind", "text"],
    properties: {
      at: seconds,
      kind: {
        type: "string",
        enum: ["began", "wave", "held", "halt", "resume", "done", "replaced"],
      },
      text,
    },
  },
} as const;

const FOLLOWING_PROPERTIES = {
  devices: { ...count, description: "Machines of the channel." },
  running: { ...count, description: "Of them, those that run the version." },
} as const;
const FOLLOWING = ["devices", "running"] as const;

const NEXT = {
  type: "object",
  description: "What happens next, and when.",
  required: ["kind", "headline", "text", "choices"],
  properties: {
    kind: { type: "string", enum: [...NEXT_KINDS] },
    headline: { ...text, description: "The answer." },
    text: { ...text, description: "What else there is to say of it; may be empty." },
    at: { ...seconds, description: "When it happens by itself." },
    choices: {
      type: "array",
      description: "What a person has to decide, best first; only for those who may see all tenants.",
      items: {
        type: "object",
        required: ["kind", "title", "text", "machines", "commands"],
        properties: {
          kind: { type: "string", enum: [...CHOICE_KINDS] },
          title: text,
          text,
          machines: { ...count, description: "Machines that it moves at once." },
          commands: { type: "array", items: text, description: "In their order; each is a commit." },
        },
      },
    },
  },
} as const;

const WAVES = {
  type: "object",
  description: "Absent: everybody gets it at once, or the channel has moved on.",
  required: ["all", "open", "share", "dueShare", "openedBy", "isLinear"],
  properties: {
    all: {
      type: "array",
      items: { type: "object", required: ["ppm", "at"], properties: { ppm, at: seconds } },
    },
    open: { ...count, description: "How many are open." },
    share: { ...ppm, description: "Share that may have it." },
    dueShare: { ...ppm, description: "Share that might have it by now if it were not halted." },
    openedBy: { type: "string", enum: ["time", "health", "hand"] },
    isLinear: { type: "boolean", description: "Whether a wave opens evenly over its time." },
  },
} as const;

const COVER = {
  type: "object",
  description: "Where canaries stand, by platform and site, as machines said at their last check-in.",
  required: [
    "platforms",
    "cells",
    "moreSites",
    "allCells",
    "coveredCells",
    "devices",
    "coveredDevices",
    "text",
  ],
  properties: {
    platforms: { type: "array", items: text, description: "Most machines first." },
    cells: {
      type: "array",
      items: {
        type: "object",
        required: ["platform", "tenant", "site", "devices", "canaries", "failed"],
        properties: {
          platform: text,
          tenant: textOrNull,
          site: textOrNull,
          devices: count,
          canaries: count,
          failed: { ...count, description: "Failures that count." },
        },
      },
    },
    moreSites: { ...count, description: "Sites that are not among the cells." },
    allCells: count,
    coveredCells: count,
    devices: count,
    coveredDevices: { ...count, description: "Machines of cells with a canary." },
    text,
  },
} as const;

const CAUSES = {
  type: "object",
  description: "Why machines failed; the sum of all is `failed` and `excused` of the tally.",
  required: ["groups", "others"],
  properties: {
    groups: {
      type: "array",
      items: {
        type: "object",
        required: ["outcome", "cause", "signature", "example", "devices", "firstAt", "where", "places"],
        properties: {
          outcome: { type: "string", enum: ["failed", "excused"] },
          cause: textOrNull,
          signature: { ...textOrNull, description: "The message without numbers, paths and ids." },
          example: { ...textOrNull, description: "One message as it came." },
          devices: count,
          firstAt: seconds,
          where: {
            type: "array",
            items: {
              type: "object",
              required: ["platform", "tenant", "site", "devices"],
              properties: { platform: text, tenant: textOrNull, site: textOrNull, devices: count },
            },
          },
          places: { ...count, description: "How many places there are, of which `where` has the first." },
        },
      },
    },
    others: { ...count, description: "Machines of groups that are not listed." },
  },
} as const;

export const ROLLOUT_REPORT = {
  description: "How a promotion stands.",
  type: "object",
  required: [
    ...REQUIRED,
    ...["running", "devices", "allowedDevices", "next", "tally", "byPlatform", "bySite", "byTenant", "cover"],
    ...["causes", "marks", "shared"],
  ],
  properties: {
    ...ROLLOUT_PROPERTIES,
    devices: { ...count, description: "Machines that follow the channel." },
    running: { ...count, description: "Of them, those that run the version." },
    allowedDevices: {
      ...count,
      description: "Of them, those that may have it: by the open share, or as canaries.",
    },
    before: { ...text, description: "The version that the channel pointed to before." },
    author: {
      ...text,
      description:
        "Who promoted it, where the channel still points to it; only for those who may see all tenants.",
    },
    next: NEXT,
    waves: WAVES,
    tally: TALLY,
    byPlatform: {
      type: "array",
      items: {
        type: "object",
        required: ["platform", ...FOLLOWING, ...TALLY_COUNTS],
        properties: { platform: text, ...FOLLOWING_PROPERTIES, ...TALLY_PROPERTIES },
      },
    },
    byTenant: {
      type: "array",
      items: {
        type: "object",
        required: ["tenant", ...FOLLOWING, "allowedDevices", ...TALLY_COUNTS],
        properties: {
          tenant: textOrNull,
          ...FOLLOWING_PROPERTIES,
          allowedDevices: count,
          ...TALLY_PROPERTIES,
          window: {
            type: "object",
            description: "When its machines may be updated, as the tenant says it; absent: at any time.",
            required: ["window", "opens", "closes"],
            properties: {
              window: { type: "object", additionalProperties: true },
              opens: { ...seconds, description: "Of the opening that is now, or else the next." },
              closes: seconds,
            },
          },
        },
      },
    },
    cover: COVER,
    causes: CAUSES,
    bySite: {
      type: "array",
      items: { type: "object", properties: { tenant: textOrNull, site: textOrNull, ...TALLY_PROPERTIES } },
    },
    marks: MARKS,
    judgement: {
      type: "object",
      additionalProperties: true,
      description: "What the gate and its checks said last; only for those who may see all tenants.",
    },
    signatures: { type: "array", items: SIGNATURE, description: "How it fails, most machines first." },
    shared: {
      type: "array",
      description: "What failed machines have and healthy ones have not, best explained first.",
      items: {
        type: "object",
        required: ["traits", "also", "failed", "ofFailed", "healthy", "ofHealthy", "more", "text"],
        properties: {
          traits: { type: "array", items: TRAIT },
          also: { type: "array", items: TRAIT, description: "What exactly the same machines have." },
          failed: count,
          ofFailed: count,
          healthy: count,
          ofHealthy: count,
          more: { ...count, description: "Machines with it that have not tried the version." },
          chance: { type: "number", description: "Probability that chance alone brings it about, at most." },
          text,
        },
      },
    },
    served: {
      type: "object",
      description: "What the manifest says of the channel now.",
      properties: {
        halted: { type: "object", additionalProperties: true },
        paused: { type: "object", additionalProperties: true },
        opened: { ...count, description: "Waves that are open, where time alone opens none." },
        gate: { type: "object", additionalProperties: true },
      },
    },
  },
} as const;

const MARKS_OF_CHANNEL = {
  ...MARKS,
  description: "Of all promotions of the channel that are kept, in their order.",
  items: {
    ...MARKS.items,
    required: ["at", "kind", "text", "version", "commit"],
    properties: { ...MARKS.items.properties, version: text, commit: text },
  },
} as const;

const counts = { type: "array", items: count } as const;
const times = { type: "array", items: seconds } as const;

export const QUIET_TIME = {
  description: "Why machines wait although the version is open to them.",
  type: "object",
  required: ["kind", "whom", "spans"],
  properties: {
    kind: {
      type: "string",
      enum: ["freeze", "pause", "window"],
      description: "Of a `window` the spans are its openings: outside of them nobody updates.",
    },
    whom: { ...text, description: "`the fleet`, `agent`, `agent / stable`, or a tenant." },
    alike: { ...count, description: "How many more tenants have the same window." },
    machines: { ...count, description: "Machines of the channel that it is about; absent: all." },
    reason: text,
    spans: {
      type: "array",
      items: {
        type: "object",
        required: ["from", "to"],
        properties: {
          from: seconds,
          to: {
            type: ["integer", "null"],
            description: "Seconds since 1970; `null`: until somebody ends it.",
          },
        },
      },
    },
  },
} as const;

export const ROLLOUT_SERIES = {
  description: "Columns are as long as their times.",
  type: "object",
  required: ["product", "channel", "version", "commit", "now", "adoption", "since", "quiet", "marks"],
  properties: {
    product: text,
    channel: text,
    version: text,
    commit: text,
    now: seconds,
    adoption: {
      type: "object",
      description: "Machines of the channel by what they ran.",
      required: ["at", "versions"],
      properties: {
        at: times,
        versions: {
          type: "array",
          items: {
            type: "object",
            required: ["version", "machines"],
            properties: {
              version: { ...textOrNull, description: "`null`: it was not installed." },
              machines: counts,
              isBelowMinimum: { type: "boolean", description: "Absent: it is not." },
            },
          },
        },
        others: {
          type: "object",
          description: "All other versions together.",
          required: ["versions", "machines"],
          properties: { versions: count, machines: counts },
        },
      },
    },
    since: {
      type: "object",
      description: "The version since its promotion.",
      required: ["at", "running", "allowed", "devices"],
      properties: {
        at: times,
        running: { ...counts, description: "Machines of the channel that ran it." },
        allowed: { ...counts, description: "Machines that might have it." },
        devices: { ...counts, description: "Machines of the channel." },
      },
    },
    evidence: {
      type: "object",
      description: "What the gate said; only for those who may see all tenants.",
      required: ["at", "tests"],
      properties: {
        at: times,
        tests: {
          type: "array",
          items: {
            type: "object",
            required: ["needed", "failures", "counted", "evidence"],
            properties: {
              platform: { ...text, description: "Absent: the whole fleet." },
              needed: { type: "number", description: "The evidence that halts." },
              failures: count,
              counted: count,
              evidence: {
                type: "array",
                items: { type: ["number", "null"] },
                description: "How many times likelier the failures are above the limit than at it.",
              },
            },
          },
        },
      },
    },
    quiet: {
      type: "array",
      items: QUIET_TIME,
      description:
        "Freezes, pauses and windows: those of all, then those of the tenants with the most machines. A pause that is over is " +
        "not told of.",
    },
    marks: MARKS_OF_CHANNEL,
  },
} as const;
