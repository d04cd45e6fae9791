/** Pieces of the routes' schemas: they check what comes in, and `/openapi.json` is made of them. */

import { ARTIFACT_FORMATS } from "../../../protocol/release.ts";

const seconds = { type: "integer", description: "Seconds since 1970." } as const;

/** The body of every error (RFC 9457). */
export const PROBLEM_SCHEMA = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string", description: "Identifies the kind of error; it is no address." },
    title: { type: "string", description: "What the kind of error is." },
    status: { type: "integer" },
    detail: { type: "string", description: "What was wrong this time." },
    code: { type: "string", description: "What programs compare, such as `http/not-found`." },
    help: { type: "string", description: "What to do about it." },
  },
} as const;

export const ERROR_SCHEMA = {
  description: "What was wrong, as a stable code, a message and what to do about it.",
  content: { "application/problem+json": { schema: PROBLEM_SCHEMA } },
} as const;

/** An answer whose bytes are made ahead; the content type is for the description only. */
export function bytesSchema(description: string, contentType: string): object {
  return { description, content: { [contentType]: { schema: { type: "string", format: "binary" } } } };
}

/** A wildcard path, which Fastify calls `*`. */
export const PATH_PARAMETERS = {
  type: "object",
  additionalProperties: false,
  required: ["*"],
  properties: { "*": { type: "string" } },
} as const;

const channelName = {
  type: "string",
  maxLength: 63,
  pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",
} as const;
const name = { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" } as const;

export const LATEST_QUERY_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["product", "platform"],
  properties: {
    product: { ...name, description: "The product." },
    platform: {
      type: "string",
      pattern: "^[a-z0-9]+-[a-z0-9]+$",
      maxLength: 64,
      description: "Node's platform and architecture: linux-x64, darwin-arm64.",
    },
    format: {
      type: "string",
      enum: ARTIFACT_FORMATS,
      description: "How the asker installs it. Without one any will do, a single file first.",
    },
    channel: { ...channelName, description: "Looks into this channel. Excludes `tenant`." },
    tenant: {
      ...name,
      description: "Answers as for a device of this tenant; needs its key.",
    },
    site: { ...name, description: "A site of the tenant." },
    device: {
      type: "string",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
      description: "The device's id. Without one, waves are answered as for the last device in the queue.",
    },
    version: { type: "string", minLength: 1, maxLength: 64, description: "The version that is installed." },
    newestConfirmed: {
      type: "string",
      minLength: 1,
      maxLength: 64,
      description:
        "The newest version that ever proved healthy on the device, where that is not the installed one.",
    },
  },
} as const;

export const LATEST_ANSWER_SCHEMA = {
  description: "What the device should run now.",
  type: "object",
  required: ["version", "action"],
  properties: {
    version: {
      type: ["string", "null"],
      description: "What to run now: the next step of an update, else what is installed.",
    },
    action: { type: "string", enum: ["paused", "none", "stay", "refuse", "wait", "update", "rollback"] },
    target: { type: "string", description: "The version that the way leads to in the end." },
    url: { type: "string", description: "Where the bytes of `version` are." },
    package: {
      type: "object",
      description: "In the place of `url`, where the machine's package manager fetches it: which one.",
      required: ["name", "version", "repository"],
      properties: {
        name: { type: "string" },
        version: { type: "string" },
        repository: { type: "string" },
        file: {
          type: "object",
          required: ["size", "sha256"],
          properties: { size: { type: "integer" }, sha256: { type: "string" } },
        },
      },
    },
    sha256: { type: "string", description: "Their digest, hexadecimal." },
    size: { type: "integer", description: "Their number." },
    waitingFor: { type: "string", description: "What a wait waits for." },
    eligibleAt: { type: "string", format: "date-time", description: "When the wait may be over." },
    shutWave: { type: "integer", description: "The wave that somebody has to open first, counted from 1." },
    refusal: { type: "string", description: "Why a version that is offered must not be taken, as a code." },
    reason: { type: "string", description: "The same for people." },
    belowMinimum: { type: "string", description: "The minimum version that the installed one is below." },
  },
} as const;

const commit = { type: "string", pattern: "^([0-9a-f]{40}|[0-9a-f]{64})$" } as const;

export const ACCEPT_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["commit"],
  properties: { commit: { ...commit, description: "Full id of the held commit." } },
} as const;

export const ACCEPTED_SCHEMA = {
  description: "It will take the place of the served one.",
  type: "object",
  required: ["commit", "servedCommit"],
  properties: { commit, servedCommit: commit },
} as const;

const held = { type: "object", additionalProperties: true } as const;

export const CHANNEL_REPORT = {
  type: "object",
  required: ["name", "version", "since", "commit"],
  properties: {
    name: { type: "string" },
    version: { type: "string", description: "What it points to." },
    offers: {
      type: "string",
      description:
        "What it offers: an earlier version where that is yanked or a dead end; absent when nothing is left.",
    },
    deadEnd: { ...held, description: "No machine is sent to what it points to, and those there stay." },
    yankedFor: {
      type: "array",
      items: { type: "string" },
      description: "Platforms for which alone what it points to is yanked.",
    },
    since: seconds,
    commit: { type: "string", description: "The commit that promoted it." },
    paused: held,
    halted: held,
    stale: {
      type: "object",
      description: "It is behind for longer than its `staleAfter`.",
      required: ["waiting", "since"],
      properties: {
        waiting: { type: "string", description: "The newer version that waits." },
        from: { type: "string", description: "The channel that it follows, where it follows one." },
        since: seconds,
      },
    },
  },
} as const;

export const PRODUCT_REPORT = {
  type: "object",
  required: ["name", "releases", "yanked", "channels"],
  properties: {
    name: { type: "string" },
    paused: held,
    releases: { type: "integer" },
    yanked: { type: "array", items: { type: "string" } },
    channels: { type: "array", items: CHANNEL_REPORT },
  },
} as const;

export const STATUS_SCHEMA = {
  description: "What is served, and how the last reconcile ended.",
  type: "object",
  required: ["ready", "degraded"],
  properties: {
    ready: { type: "boolean" },
    degraded: { type: "boolean" },
    reason: { type: "string" },
    sourceSeenAt: { ...seconds, description: "When the source last answered, seconds since 1970." },
    mistakes: { type: "integer", description: "How many mistakes the last commit was refused for." },
    commit: { type: "string", description: "The commit that the manifest comes from." },
    version: { type: "integer", description: "Version of the timestamp role." },
    signedAt: seconds,
    expiresAt: seconds,
    expiries: { type: "object", additionalProperties: seconds },
    products: { type: "array", items: PRODUCT_REPORT },
    tenants: { type: "integer" },
    damagedArtifacts: {
      type: "array",
      description: "Hosted files that are not what was signed, as far as they were asked for.",
      items: {
        type: "object",
        required: ["target", "path", "problem"],
        properties: { target: { type: "string" }, path: { type: "string" }, problem: { type: "string" } },
      },
    },
    proposals: {
      type: "array",
      description: "What the controller proposes to git on branches, and nobody has merged.",
      items: {
        type: "object",
        required: ["kind", "product", "channel", "version", "branch", "state", "at"],
        properties: {
          kind: { type: "string", enum: ["halt", "promotion"] },
          product: { type: "string" },
          channel: { type: "string" },
          version: { type: "string" },
          branch: { type: "string" },
          state: {
            type: "string",
            enum: ["open", "found", "failed"],
            description: "Made; there before and left as it is; or not to be made for now, and tried again.",
          },
          commit: { type: "string", description: "Of `open`: the commit on the branch." },
          at: seconds,
          failure: {
            type: "object",
            required: ["code", "message"],
            properties: { code: { type: "string" }, message: { type: "string" }, help: { type: "string" } },
          },
        },
      },
    },
    holds: {
      type: "array",
      description: "Pauses and `autoUpdate: false` of the state, with the commit behind each.",
      items: {
        type: "object",
        required: ["kind", "scope", "file", "line"],
        properties: {
          kind: { type: "string", enum: ["paused", "no-auto-update"] },
          scope: { type: "string" },
          product: { type: "string" },
          reason: { type: "string" },
          until: seconds,
          file: { type: "string" },
          line: { type: "integer" },
          origin: {
            type: "object",
            required: ["commit", "author", "at", "subject"],
            properties: {
              commit: { type: "string" },
              author: { type: "string" },
              at: seconds,
              subject: { type: "string" },
            },
          },
        },
      },
    },
    formerNames: {
      type: "array",
      description: "Names that tenants had before and answer to, with who is known to use them.",
      items: {
        type: "object",
        required: ["name", "tenant"],
        properties: {
          name: { type: "string" },
          tenant: { type: "string", description: "What it is called now." },
          machines: {
            type: "integer",
            description: "Machines that have not taken the present name over yet; absent: nobody can tell.",
          },
          tokens: { type: "integer", description: "Good enrolment tokens that were made for it." },
          people: { type: "integer", description: "People who are limited to it by that name." },
        },
      },
    },
    outcome: {
      type: "object",
      required: ["kind", "at", "message"],
      properties: {
        kind: { type: "string", enum: ["published", "refused", "held", "waiting", "stalled"] },
        at: seconds,
        message: { type: "string" },
        commit: { type: "string" },
        help: { type: "string" },
        diagnostics: { type: "array", items: { type: "object", additionalProperties: true } },
        acknowledged: { type: "integer", description: "How many more warnings the state acknowledges." },
      },
    },
  },
} as const;

export const READY_SCHEMA = {
  type: "object",
  required: ["ready", "degraded"],
  properties: {
    ready: { type: "boolean" },
    degraded: { type: "boolean" },
    reason: { type: "string" },
    sourceSeenAt: { ...seconds, description: "When the source last answered, seconds since 1970." },
    mistakes: { type: "integer", description: "How many mistakes the last commit was refused for." },
    commit: { type: "string", description: "The commit that is served." },
  },
} as const;
