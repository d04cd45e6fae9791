import { FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";
import { DEVICE_STATES } from "../../fleet/store/fleet-store.ts";
import { ROLES } from "../../fleet/store/records.ts";

/** What routes of the fleet take: parts of the path, of the query, bodies. */

export const name = { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" } as const;
export const channelName = {
  type: "string",
  maxLength: 63,
  pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",
} as const;
const platform = { type: "string", pattern: "^[a-z0-9]+-[a-z0-9_]+$", maxLength: 64 } as const;
const version = { type: "string", minLength: 1, maxLength: 64 } as const;
export const deviceId = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$" } as const;
const requestId = { type: "string", pattern: "^[0-9a-f]{32}$" } as const;
/** Names of people come into logs, tables and the audit log. */
export const personName = { type: "string", pattern: "^[a-z0-9][a-z0-9._@+-]{0,63}$" } as const;

export const LARGEST_PAGE = 1000;
export const PAGE_SIZE = 100;

/** A page of a list. */
const PAGE = {
  limit: {
    type: "integer",
    minimum: 1,
    maximum: LARGEST_PAGE,
    description: `How many rows at most; ${PAGE_SIZE} when absent.`,
  },
  after: { type: "string", maxLength: 512, description: "`next` of the page before." },
} as const;

export interface PageQuery {
  readonly limit?: number;
  readonly after?: string;
}

/** A query of these parameters and no others. */
export function queryOf<P extends object>(properties: P) {
  return { type: "object", additionalProperties: false, properties } as const;
}

/** A query of these parameters, in pages. */
export function pagedQueryOf<P extends object>(properties: P) {
  return queryOf({ ...properties, ...PAGE });
}

/** An answer that holds one page of rows. */
export function pageOf(rows: string, item: object, description: string) {
  return {
    description,
    type: "object",
    required: [rows],
    properties: {
      [rows]: { type: "array", items: item },
      next: { type: "string", description: "`after` of the next page; absent on the last." },
    },
  } as const;
}

export const TENANT_QUERY = { tenant: { ...name, description: "Only what is of this tenant." } } as const;

export const DEVICE_FILTER_QUERY = {
  ...TENANT_QUERY,
  site: { ...name, description: "At this site." },
  label: {
    type: "string",
    pattern: "^[a-z][a-z0-9-]{0,62}=.{1,63}$",
    description: "With this label: `ring=canary`.",
  },
  platform: { ...platform, description: "`linux-x64`, `darwin-arm64`, ..." },
  product: { ...name, description: "With this product; what is said of versions and channels is of it." },
  version: { ...version, description: "That runs this version." },
  channel: { ...channelName, description: "That this channel applied to at the last check-in." },
  state: {
    type: "string",
    enum: [...DEVICE_STATES],
    description:
      "`current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is " +
      "under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in " +
      "two places. `silent`: not seen for a day. `gone`: not seen for 30 days.",
  },
  cause: { type: "string", enum: [...FAILURE_CAUSES], description: "Whose last attempt failed for this." },
  search: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description: "Part of the id, of the tenant, of the site or of a label's value.",
  },
} as const;

export const DEVICE_PATH = pathOf({ id: { ...deviceId, description: "The device." } });
export const REQUEST_PATH = pathOf({ id: { ...requestId, description: "The request." } });
export const PERSON_PATH = pathOf({ name: { ...personName, description: "The person." } });
export const PRODUCT_PATH = pathOf({ product: { ...name, description: "The product." } });
export const ROLLOUT_PATH = pathOf({
  product: { ...name, description: "The product." },
  channel: { ...channelName, description: "The channel." },
});

const COMMIT_QUERY = {
  commit: {
    type: "string",
    pattern: "^[0-9a-f]{7,64}$",
    description: "The promotion that this commit made, or the first digits of it; absent: the last one.",
  },
} as const;

export const ROLLOUT_QUERY = queryOf(COMMIT_QUERY);
export const ROLLOUT_SERIES_QUERY = queryOf({
  ...COMMIT_QUERY,
  days: {
    type: "integer",
    minimum: 1,
    maximum: 400,
    description: "How far back adoption goes, at least as far as the promotion; 14 when absent.",
  },
});

function pathOf<P extends object>(properties: P) {
  return { type: "object", required: Object.keys(properties), properties } as const;
}

export const ATTEMPT_FILTER_QUERY = {
  ...TENANT_QUERY,
  product: { ...name, description: "Of this product." },
  version: { ...version, description: "To this version." },
  failed: { type: "boolean", description: "Whether they failed." },
} as const;

export const SIGNATURE_QUERY = {
  ...TENANT_QUERY,
  product: { ...name, description: "Of this product." },
  version: { ...version, description: "Of this version." },
  limit: PAGE.limit,
} as const;

export const REQUEST_FILTER_QUERY = {
  ...TENANT_QUERY,
  device: { ...deviceId, description: "To this device." },
  open: { type: "boolean", description: "Whether they still wait for the device." },
} as const;

export const INVENTORY_QUERY = {
  ...TENANT_QUERY,
  device: { ...deviceId, description: "Only this machine." },
} as const;

export const EXPLAIN_QUERY = queryOf({
  product: { ...name, description: "Needed where the device has several." },
});

/** Which product of the device is asked for. */
export const ASK_BODY = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: { product: { ...name, description: "Needed where the device has several." } },
} as const;

export const MOVE_BODY = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: {
    tenant: {
      type: ["string", "null"],
      pattern: name.pattern,
      description: "`null`: none. Absent: as it is.",
    },
    site: {
      type: ["string", "null"],
      pattern: name.pattern,
      description: "`null`: none. Absent: as it is, and none where the tenant changes.",
    },
    labels: {
      type: "object",
      maxProperties: 50,
      propertyNames: { pattern: name.pattern },
      additionalProperties: { type: "string", minLength: 1, maxLength: 63 },
      description: "All of its labels from now on. Absent: as they are.",
    },
  },
} as const;

export const PERSON_BODY = {
  type: "object",
  additionalProperties: false,
  required: ["name", "role"],
  properties: {
    name: personName,
    role: { type: "string", enum: [...ROLES], description: "Each may do what those before it may." },
    tenants: {
      type: "array",
      minItems: 1,
      maxItems: 1000,
      items: name,
      uniqueItems: true,
      description: "All that the person may know of; absent: everything.",
    },
    expiresAt: { type: "integer", minimum: 0, description: "Seconds since 1970; absent: never." },
  },
} as const;
