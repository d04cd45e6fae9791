import { ATTEMPT_OUTCOMES, ATTEMPT_STEPS } from "../../../protocol/check-in/attempt.ts";
import { REQUEST_KINDS, REQUEST_RESULTS } from "../../../protocol/check-in/device-request.ts";
import { FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";
import { DEVICE_STATES } from "../../fleet/store/fleet-store.ts";
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

const INSTALLATION = {
  type: "object",
  required: ["product", "format", "installed", "journal", "since"],
  properties: {
    product: text,
    format: text,
    installed: {
      type: ["object", "null"],
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
      items: { type: "object", properties: { version: text, reason: text, until: seconds } },
    },
    decision: { type: "object", additionalProperties: true, description: "What the machine itself decided." },
    failedCheck: {
      type: "object",
      properties: { at: seconds, code: text, message: text },
      description: "Why its last look at the manifest came to nothing.",
    },
  },
} as const;

export const DEVICE = {
  type: "object",
  required: ["id", "tenant", "site", "labels", "platform", "enrolledAt", "lastSeenAt", "installations"],
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
    installations: { type: "array", items: INSTALLATION },
  },
} as const;

export const DEVICE_COUNTS = {
  description: "How many there are, by state.",
  type: "object",
  required: [...DEVICE_STATES],
  properties: Object.fromEntries(DEVICE_STATES.map((state) => [state, count])),
} as const;

export const ATTEMPT = {
  type: "object",
  required: ["id", "device", "product", "to", "outcome", "reportedAt"],
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

export const REQUEST = {
  type: "object",
  required: ["id", "device", "kind", "askedAt", "askedBy", "expiresAt", "deliveries", "result"],
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
  required: ["version", "platform", "channel", "devices"],
  properties: {
    version: { ...textOrNull, description: "`null`: it is not installed." },
    platform: text,
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
          items: { type: "object", properties: { rule: text, outcome: text, text, where: text } },
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
    stranded: { ...count, description: "Versions without a way; one for each platform and channel." },
    strandedDevices: count,
    ways: {
      type: "array",
      items: {
        type: "object",
        required: ["product", "channel", "platform", "version", "devices", "standing", "text"],
        properties: {
          product: text,
          channel: textOrNull,
          platform: text,
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
