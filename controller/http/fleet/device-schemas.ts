import { ATTEMPT_OUTCOMES, ATTEMPT_STEPS } from "../../../protocol/check-in/attempt.ts";
import { MOST_ATTEMPTS, MOST_PRODUCTS } from "../../../protocol/check-in/check-in.ts";
import { MOST_REQUESTS, REQUEST_KINDS, REQUEST_RESULTS } from "../../../protocol/check-in/device-request.ts";
import { PROBLEM_SCHEMA } from "../api/route-schemas.ts";

/** What devices send and get, for the description: the readers in protocol/check-in decide. */

const seconds = { type: "integer", minimum: 0, description: "Seconds since 1970." } as const;
const name = { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" } as const;
const word = { type: "string", minLength: 1, maxLength: 128 } as const;
const randomId = { type: "string", pattern: "^[0-9a-f]{32}$" } as const;
const digits = (count: number) => ({ type: "string", pattern: `^[0-9a-f]{${count}}$` }) as const;
const schemaVersion = { type: "integer", enum: [1] } as const;
const platform = { type: "string", maxLength: 64, description: "`linux-x64`, `darwin-arm64`, ..." } as const;
const facts = {
  type: "object",
  additionalProperties: true,
  description: "What the machine is: `glibc`, `kernel`, `cpu`, ...",
} as const;
const agentVersion = { ...word, description: "Version of the agent." } as const;

const PLACEMENT = {
  tenant: {
    type: "object",
    required: ["name", "key"],
    properties: { name, key: { ...digits(64), description: "By which its policy is found." } },
    description: "Absent: it belongs to none.",
  },
  site: name,
  labels: { type: "object", additionalProperties: { type: "string" } },
} as const;

export const ENROLMENT_SCHEMA = {
  type: "object",
  required: ["schemaVersion", "authority", "publicKey", "agentVersion", "platform"],
  properties: {
    schemaVersion,
    authority: {
      description: "By what right: an enrolment token, or as a copy of a device whose key was replaced.",
      oneOf: [
        {
          type: "object",
          required: ["kind", "token"],
          properties: { kind: { type: "string", enum: ["token"] }, token: { type: "string" } },
        },
        {
          type: "object",
          required: ["kind", "device", "signature"],
          properties: {
            kind: { type: "string", enum: ["clone"] },
            device: { type: "string" },
            signature: { ...digits(128), description: "The replaced key's." },
          },
        },
      ],
    },
    publicKey: { ...digits(64), description: "Raw Ed25519 key." },
    agentVersion,
    platform,
    facts,
  },
} as const;

export const ENROLMENT_ANSWER_SCHEMA = {
  type: "object",
  required: ["schemaVersion", "device", "labels"],
  properties: { schemaVersion, device: { type: "string", description: "Its id." }, ...PLACEMENT },
} as const;

export const NEW_KEY_SCHEMA = {
  type: "object",
  required: ["schemaVersion", "publicKey", "signature"],
  properties: {
    schemaVersion,
    publicKey: { ...digits(64), description: "Raw Ed25519 key, from now on the device's." },
    signature: { ...digits(128), description: "The new key's." },
  },
} as const;

export const LEAVE_SCHEMA = {
  type: "object",
  required: ["schemaVersion"],
  properties: { schemaVersion },
} as const;

export const LEFT_SCHEMA = {
  type: "object",
  required: ["schemaVersion", "device"],
  properties: { schemaVersion, device: { type: "string" } },
} as const;

const ATTEMPT = {
  type: "object",
  required: ["id", "product", "kind", "from", "to", "toDigest", "startedAt", "endedAt", "step", "outcome"],
  properties: {
    id: randomId,
    product: name,
    kind: { type: "string", enum: ["update", "rollback"] },
    from: { type: ["string", "null"] },
    to: word,
    toDigest: word,
    startedAt: { ...seconds, description: "By the machine's clock." },
    endedAt: { ...seconds, description: "By the machine's clock." },
    step: { type: "string", enum: [...ATTEMPT_STEPS], description: "The last that it reached." },
    outcome: { type: "string", enum: [...ATTEMPT_OUTCOMES] },
    cause: { type: "string", description: "Why it was not confirmed." },
    code: { type: "string" },
    message: { type: "string" },
    log: { type: "string", description: "The end of what the program said." },
    request: { ...randomId, description: "The request that asked for it." },
  },
} as const;

const PRODUCT = {
  type: "object",
  required: ["product", "format", "installed", "journal", "blocked"],
  properties: {
    product: name,
    format: { type: "string" },
    installed: {
      type: ["object", "null"],
      required: ["version", "digest"],
      properties: { version: word, digest: word },
    },
    channel: { type: "string", description: "The machine's own choice." },
    pin: { ...word, description: "The version that the machine keeps to by its own choice." },
    autoUpdate: { type: "boolean", description: "The machine's own choice; absent: what policy says." },
    journal: { type: "string", description: "`idle`, or where an installation stands." },
    blocked: {
      type: "array",
      items: {
        type: "object",
        required: ["version", "reason", "until"],
        properties: { version: word, reason: { type: "string" }, until: seconds },
      },
    },
    newestConfirmed: word,
    lastCheckAt: seconds,
    manifest: { type: "integer", description: "Version of the timestamp role that it last verified." },
    decision: { type: "object", additionalProperties: true, description: "What it decided itself." },
    failedCheck: { type: "object", additionalProperties: true },
  },
} as const;

export const CHECK_IN_SCHEMA = {
  type: "object",
  required: [
    "schemaVersion",
    "sequence",
    "clock",
    "agentVersion",
    "platform",
    "products",
    "attempts",
    "handled",
  ],
  properties: {
    schemaVersion,
    sequence: { type: "integer", minimum: 1, description: "Higher each time." },
    clock: { ...seconds, description: "The machine's clock." },
    agentVersion,
    platform,
    site: name,
    placed: { ...digits(16), description: "Where it takes itself to belong, as a digest." },
    facts,
    products: { type: "array", maxItems: MOST_PRODUCTS, items: PRODUCT },
    attempts: {
      type: "array",
      maxItems: MOST_ATTEMPTS,
      items: ATTEMPT,
      description: "Oldest first; each is sent again until it is acknowledged.",
    },
    handled: {
      type: "array",
      maxItems: MOST_REQUESTS,
      items: {
        type: "object",
        required: ["id", "result", "text"],
        properties: {
          id: randomId,
          result: { type: "string", enum: [...REQUEST_RESULTS] },
          text: { type: "string" },
        },
      },
    },
  },
} as const;

const ANSWER_PROPERTIES = {
  schemaVersion,
  acknowledged: { type: "array", items: randomId, description: "Attempts and handled requests on disk." },
  requests: {
    type: "array",
    items: {
      type: "object",
      required: ["id", "kind", "askedAt", "expiresAt"],
      properties: {
        id: randomId,
        kind: { type: "string", enum: [...REQUEST_KINDS] },
        product: name,
        askedAt: seconds,
        expiresAt: seconds,
      },
    },
    description:
      "What an operator asks of the device; given again until the device has said what became of it.",
  },
  newKey: { type: "boolean", description: "Its key was seen in two places: it registers a new one." },
  manifest: { type: "integer", description: "Version of the timestamp role that is served now." },
  moved: {
    type: "object",
    required: ["labels"],
    properties: PLACEMENT,
    description: "Where it is, when an operator has moved it since its enrolment.",
  },
} as const;

export const CHECK_IN_ANSWER_SCHEMA = {
  description: "What was recorded, and what is asked.",
  type: "object",
  required: ["schemaVersion", "acknowledged", "requests"],
  properties: ANSWER_PROPERTIES,
} as const;

export const REFUSED_CHECK_IN_SCHEMA = {
  description: "Recorded; but a product is below its minimum version until it is updated.",
  content: {
    "application/problem+json": {
      schema: {
        ...PROBLEM_SCHEMA,
        required: [...PROBLEM_SCHEMA.required, ...CHECK_IN_ANSWER_SCHEMA.required],
        properties: { ...PROBLEM_SCHEMA.properties, ...ANSWER_PROPERTIES },
      },
    },
  },
} as const;
