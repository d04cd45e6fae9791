const seconds = { type: "integer", description: "Seconds since 1970." } as const;
const name = { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" } as const;
const nameOrNull = { type: ["string", "null"] } as const;
const labels = { type: "object", additionalProperties: { type: "string" } } as const;

export const NEW_TOKEN_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    tenant: { ...name, description: "The tenant that devices get; absent: none." },
    site: { ...name, description: "A site of the tenant." },
    labels: {
      type: "object",
      maxProperties: 50,
      propertyNames: name,
      additionalProperties: {
        type: "string",
        pattern: "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$",
      },
      description: "Labels that devices get; groups select by them.",
    },
    expiresAt: { ...seconds, minimum: 0, description: "Seconds since 1970; absent: in a week." },
    uses: {
      type: "integer",
      minimum: 1,
      maximum: 1_000_000,
      description: "Devices that may enrol; absent: 1.",
    },
  },
} as const;

const PROPERTIES = {
  id: { type: "string", description: "How it is named; it opens nothing." },
  tenant: nameOrNull,
  site: nameOrNull,
  labels,
  createdAt: seconds,
  expiresAt: seconds,
  usesLeft: { type: "integer" },
} as const;

export const MADE_TOKEN_SCHEMA = {
  description: "The token, for this once.",
  type: "object",
  required: ["token", ...Object.keys(PROPERTIES)],
  properties: { token: { type: "string", description: "What a device enrols with." }, ...PROPERTIES },
} as const;

const LISTED = {
  ...PROPERTIES,
  createdBy: { type: "string" },
  uses: { type: "integer", description: "Devices that have enrolled with it." },
  revokedAt: { type: ["integer", "null"], description: "Seconds since 1970; `null`: it was not." },
} as const;

export const TOKEN_SCHEMA = {
  description: "A token, without what opens anything.",
  type: "object",
  required: Object.keys(LISTED),
  properties: LISTED,
} as const;

export const TOKEN_LIST_SCHEMA = {
  description: "All tokens.",
  type: "object",
  required: ["tokens"],
  properties: {
    tokens: { type: "array", items: { type: "object", required: Object.keys(LISTED), properties: LISTED } },
  },
} as const;
