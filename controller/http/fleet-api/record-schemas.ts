import { ATTEMPT_OUTCOMES, ATTEMPT_STEPS } from "../../../protocol/check-in/attempt.ts";
import { REQUEST_KINDS, REQUEST_RESULTS } from "../../../protocol/check-in/device-request.ts";
import { FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";
import { DEVICE_STATES, FACETS } from "../../fleet/store/fleet-store.ts";
import { ROLES } from "../../fleet/store/records.ts";

/** Rows of the fleet's store as answers carry them. What a schema does not name is not answered. */

export const text = { type: "string" } as const;
export const textOrNull = { type: ["string", "null"] } as const;
export const count = { type: "integer", minimum: 0 } as const;
export const seconds = { type: "integer", description: "Seconds since 1970." } as const;
export const secondsOrNull = { type: ["integer", "null"], description: "Seconds since 1970." } as const;
const labels = { type: "object", additionalProperties: { type: "string" } } as const;
export const ppm = {
  type: "integer",
  minimum: 0,
  maximum: 1_000_000,
  description: "Parts per million.",
} as const;

export const REQUEST = {
  type: "object",
  required: [
    ...[
      "id",
      "device",
      "kind",
      "askedAt",
      "askedBy",
      "expiresAt",
      "deliveries",
      "deliveredAt",
      "endedAt",
      "result",
    ],
    "text",
  ],
  properties: {
    id: text,
    device: text,
    kind: { type: "string", enum: [...REQUEST_KINDS] },
    product: text,
    askedAt: seconds,
    askedBy: text,
    expiresAt: seconds,
    deliveries: count,
    deliveredAt: { ...secondsOrNull, description: "When it was last in an answer to the device." },
    endedAt: secondsOrNull,
    result: { type: ["string", "null"], enum: [...REQUEST_RESULTS, "cancelled", "expired", null] },
    text: { ...textOrNull, description: "What the device said of it." },
  },
} as const;

const OFFER = {
  type: "object",
  required: ["action"],
  properties: {
    action: { type: "string", enum: ["paused", "none", "stay", "refuse", "wait", "update", "rollback"] },
    target: { ...text, description: "The version that it is on its way to." },
    next: { ...text, description: "What it installs first, where it may now." },
    reason: {
      ...text,
      description: "Why it does not: `paused`, `halt`, `window`, `no-path`, `current`, ...",
    },
    eligibleAt: { ...seconds, description: "When it may go on." },
    why: { ...text, description: "What the rule said that ended the decision." },
    misfit: {
      type: "object",
      required: ["target", "version", "unmet"],
      properties: {
        target: text,
        version: {
          ...text,
          description: "Whose requirements they are: the target's, or those of a step on the way.",
        },
        unmet: {
          type: "array",
          items: {
            type: "object",
            required: ["name", "required", "got"],
            properties: { name: text, required: text, got: textOrNull },
          },
        },
      },
      description: "What would be the target, if the machine had what it requires.",
    },
  },
} as const;

const INSTALLATION = {
  type: "object",
  required: [
    "product",
    "format",
    "installed",
    "journal",
    "since",
    "appliedChannel",
    "failedCause",
    "blocked",
  ],
  properties: {
    product: text,
    format: text,
    installed: {
      type: ["object", "null"],
      required: ["version", "digest"],
      properties: { version: text, digest: text },
      description: "`null`: it is not installed.",
    },
    since: { ...seconds, description: "Since when this version has been seen there." },
    journal: { ...text, description: "`idle`, or where an installation stands." },
    channel: { ...text, description: "The machine's own choice." },
    pin: { ...text, description: "The version that the machine keeps to by its own choice." },
    autoUpdate: { type: "boolean", description: "The machine's own choice; absent: what policy says." },
    appliedChannel: { ...textOrNull, description: "The channel that applied at the last check-in." },
    newestConfirmed: text,
    lastCheckAt: { ...seconds, description: "When it last verified a manifest, by its own clock." },
    blocked: {
      type: "array",
      items: {
        type: "object",
        required: ["version", "reason", "until"],
        properties: { version: text, reason: text, until: seconds },
      },
    },
    decision: { type: "object", additionalProperties: true, description: "What the machine itself decided." },
    failedCheck: {
      type: "object",
      properties: { at: seconds, code: text, message: text },
      description: "Why its last look at the manifest came to nothing.",
    },
    failedCause: {
      type: ["string", "null"],
      enum: [...FAILURE_CAUSES, null],
      description: "The cause of the last attempt, where that failed.",
    },
    offer: { ...OFFER, description: "What it does by itself, by what is served now." },
    ifAsked: { ...OFFER, description: "What it would do if it were asked to update now." },
  },
} as const;

export const DEVICE = {
  type: "object",
  required: [
    ...["id", "tenant", "site", "labels", "publicKey", "keyGeneration", "platform", "facts", "agentVersion"],
    ...["enrolledAt", "lastSeenAt", "clockSkew", "address", "clonedSince", "copyOf", "belowMinimum"],
    ...["state", "stateSince", "installations", "requests"],
  ],
  properties: {
    id: text,
    tenant: textOrNull,
    site: textOrNull,
    labels,
    publicKey: text,
    keyGeneration: count,
    platform: text,
    facts: { type: ["object", "null"], additionalProperties: true },
    agentVersion: text,
    enrolledAt: seconds,
    lastSeenAt: { ...secondsOrNull, description: "`null`: it never checked in." },
    lastSequence: count,
    clockSkew: { type: "integer", description: "Its clock minus the controller's, seconds." },
    address: textOrNull,
    clonedSince: { ...secondsOrNull, description: "Since when its key was seen in two places." },
    copyOf: { ...textOrNull, description: "The device that it is a copy of." },
    belowMinimum: {
      ...textOrNull,
      description: "The minimum version that it was below at its last check-in.",
    },
    state: { type: "string", enum: [...DEVICE_STATES] },
    stateSince: { ...secondsOrNull, description: "Since when it stands so; `null`: nobody kept it." },
    installations: { type: "array", items: INSTALLATION },
    requests: { type: "array", items: REQUEST, description: "What waits for it." },
  },
} as const;

export const DEVICE_COUNTS = {
  description: "How many there are, by state.",
  type: "object",
  required: [...DEVICE_STATES],
  properties: Object.fromEntries(DEVICE_STATES.map((state) => [state, count])),
} as const;

const FACET_VALUES = {
  type: "array",
  items: {
    type: "object",
    required: ["value", "devices"],
    properties: {
      value: text,
      product: { ...text, description: "Whose version, channel or cause it is." },
      devices: count,
    },
  },
} as const;

export const DEVICE_FACETS = {
  description:
    "How many machines a filter lets through, and how many it would with other values of one key. Most first, versions " +
    "newest first; groups where one tenant is asked for.",
  type: "object",
  required: ["total", ...FACETS, "group", "left"],
  properties: {
    total: count,
    ...Object.fromEntries([...FACETS, "group"].map((facet) => [facet, FACET_VALUES])),
    left: {
      type: "object",
      additionalProperties: count,
      description: "How many values more a facet has that are not in it.",
    },
  },
} as const;

export const BULK_ANSWER = {
  type: "object",
  required: ["machines", "unknown", "moving", "moves", "stays", "asked", "already"],
  properties: {
    machines: { ...count, description: "Machines that were looked at." },
    unknown: { ...count, description: "Of the ids those that there are not." },
    moving: { ...count, description: "Installations that move." },
    moves: {
      type: "array",
      items: {
        type: "object",
        required: ["product", "to", "devices"],
        properties: { product: text, to: text, devices: count },
      },
      description: "To which version, most first.",
    },
    stays: {
      type: "array",
      items: {
        type: "object",
        required: ["product", "reason", "why", "devices"],
        properties: { product: text, reason: text, why: text, devices: count },
      },
      description: "Which stay, and why, most first; the sentence is the first machine's.",
    },
    asked: { ...count, description: "Requests that were made." },
    already: { ...count, description: "Of those that move, how many had been asked before." },
  },
} as const;

export const ATTEMPT = {
  type: "object",
  required: [
    ...[
      "id",
      "device",
      "product",
      "kind",
      "from",
      "to",
      "startedAt",
      "endedAt",
      "reportedAt",
      "step",
      "outcome",
    ],
  ],
  properties: {
    id: text,
    device: text,
    product: text,
    kind: { type: "string", enum: ["update", "rollback"] },
    from: textOrNull,
    to: text,
    toDigest: text,
    startedAt: { ...seconds, description: "By the machine's clock." },
    endedAt: { ...seconds, description: "By the machine's clock." },
    reportedAt: { ...seconds, description: "When the controller heard of it." },
    step: { type: "string", enum: [...ATTEMPT_STEPS], description: "The last that it reached." },
    outcome: { type: "string", enum: [...ATTEMPT_OUTCOMES] },
    cause: { type: "string", enum: [...FAILURE_CAUSES] },
    code: text,
    message: text,
    log: { ...text, description: "The tail of what the program said." },
    request: { ...text, description: "The request that asked for it." },
    signature: { ...textOrNull, description: "What its failure is grouped under." },
  },
} as const;

export const SIGNATURE = {
  type: "object",
  required: ["product", "version", "signature", "cause", "devices"],
  properties: {
    product: text,
    version: text,
    signature: { ...text, description: "The message without numbers, paths and ids." },
    cause: { type: "string", enum: [...FAILURE_CAUSES] },
    example: { ...text, description: "One message as it came." },
    firstAt: seconds,
    lastAt: seconds,
    devices: count,
    byPlatform: { type: "object", additionalProperties: count },
  },
} as const;

export const OVERLAY = {
  type: "object",
  required: ["kind", "product", "channel", "version", "commit", "at"],
  properties: {
    kind: { type: "string", enum: ["halt", "opened"] },
    product: text,
    channel: text,
    version: text,
    commit: { ...text, description: "The commit that promoted it." },
    reason: { ...text, description: "Of a halt." },
    waves: { ...count, description: "Of `opened`: how many are open." },
    at: seconds,
  },
} as const;

export const AUDIT_ENTRY = {
  type: "object",
  required: ["id", "at", "actor", "action", "subject"],
  properties: {
    id: { ...text, description: "Names the entry; the same each time." },
    sequence: { ...count, description: "Its number; only for those who may see all tenants." },
    at: seconds,
    actor: { type: "object", properties: { name: text, from: text } },
    action: { ...text, description: "`request.update`, `device.move`, ..." },
    subject: { ...text, description: "What it was done to: `device d-7f3a...`." },
    tenant: textOrNull,
    before: { description: "As it was; `null`: it was not there." },
    after: { description: "As it is since; `null`: it is gone." },
  },
} as const;

export const PERSON = {
  type: "object",
  required: ["name", "role", "tenants", "createdAt", "expiresAt"],
  properties: {
    name: text,
    role: { type: "string", enum: [...ROLES] },
    tenants: {
      type: ["array", "null"],
      items: text,
      description: "Those that the person may know of; `null`: all.",
    },
    createdAt: seconds,
    expiresAt: { ...secondsOrNull, description: "`null`: never." },
  },
} as const;

export const VERSION_COUNT = {
  type: "object",
  required: ["version", "platform", "format", "channel", "devices"],
  properties: {
    version: { ...textOrNull, description: "`null`: it is not installed." },
    platform: text,
    format: { ...text, description: "How the product is installed there." },
    channel: { ...textOrNull, description: "The channel that applied at the last check-in." },
    devices: count,
  },
} as const;

export const EXPLANATION = {
  description: "What the controller decides for a product on the device, now.",
  type: "object",
  required: ["product", "installed", "at", "decision"],
  properties: {
    product: text,
    installed: textOrNull,
    at: seconds,
    commit: { ...text, description: "Of the manifest that is served." },
    decision: {
      type: "object",
      additionalProperties: true,
      required: ["action", "trail"],
      properties: {
        action: { type: "string", enum: ["paused", "none", "stay", "refuse", "wait", "update", "rollback"] },
        trail: {
          type: "array",
          description: "Each rule that spoke, in order.",
          items: {
            type: "object",
            required: ["rule", "outcome", "text"],
            properties: {
              rule: text,
              outcome: { type: "string", enum: ["set", "pass", "skip", "stop"] },
              text,
              where: { ...text, description: "`tenants/acme.yaml#/sites/berlin/channel`" },
            },
          },
        },
      },
    },
    reported: {
      type: "object",
      additionalProperties: true,
      description: "What the machine itself decided at its last check-in.",
    },
  },
} as const;

export const PATHS = {
  description:
    "Each version that machines run, and whether a signed way leads from it to what its channel offers.",
  type: "object",
  required: ["commit", "devices", "stranded", "strandedDevices", "ways"],
  properties: {
    commit: text,
    devices: { ...count, description: "Machines that were looked at." },
    stranded: { ...count, description: "Versions without a way; one for each platform, format and channel." },
    strandedDevices: count,
    ways: {
      type: "array",
      items: {
        type: "object",
        required: ["product", "channel", "platform", "format", "version", "devices", "standing", "text"],
        properties: {
          product: text,
          channel: textOrNull,
          platform: text,
          format: { ...text, description: "How the product is installed there." },
          version: text,
          devices: count,
          standing: { type: "string", enum: ["current", "way", "ahead", "nothing-offered", "stranded"] },
          target: text,
          text,
        },
      },
    },
  },
} as const;
