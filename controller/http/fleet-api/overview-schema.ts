import { CHANNEL_STATES } from "../../overview/channel-rows.ts";
import { NEED_KINDS } from "../../overview/need.ts";
import { PROPOSAL_BODY } from "../preview-api/preview-schemas.ts";
import { seconds } from "./record-schemas.ts";

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const ppm = { type: "integer", minimum: 0, maximum: 1_000_000, description: "Parts per million." } as const;

/** What is looked at is said by whoever asks. */
const { base: _, dryRun: __, ...CHANGE } = PROPOSAL_BODY.properties;
export const NEED_PROPOSAL = {
  description: "A commit that a person may look at before it is made.",
  type: "object",
  required: ["label", "title", "change"],
  properties: {
    label: { ...text, description: "What the button says." },
    title: { ...text, description: "What it is about." },
    change: { type: "object", additionalProperties: false, required: ["kind"], properties: CHANGE },
  },
} as const;

const NEED_PROPERTIES = {
  id: { ...text, description: "Stays the same as long as the need does." },
  kind: { type: "string", enum: [...NEED_KINDS] },
  isNow: { type: "boolean", description: "It cannot wait." },
  since: { ...seconds, description: "Seconds since 1970; absent: nobody knows." },
  at: { ...seconds, description: "When it ends or expires by itself." },
  what: { ...text, description: "One line; what is copied stands between backticks, as in `why`." },
  why: { ...text, description: "One or two sentences: why, and what is not broken." },
  subject: {
    type: "object",
    description: "What it is about, as far as it is known.",
    properties: {
      product: text,
      channel: text,
      version: text,
      commit: text,
      file: { ...text, description: "Relative to the state root." },
      line: count,
      tenant: text,
      site: text,
      devices: count,
    },
  },
  action: {
    type: "object",
    description: "The one thing to do.",
    required: ["label", "commands"],
    properties: {
      label: text,
      page: { ...text, description: "Path on this controller." },
      commands: {
        type: "array",
        items: text,
        description: "The same on the command line: one of these.",
      },
      proposals: {
        type: "array",
        description:
          "Commits of which one does it: each is sent as `POST /api/v1/proposals`, with a reason where it has none. Absent for " +
          "who is limited to tenants.",
        items: NEED_PROPOSAL,
      },
    },
  },
  link: {
    type: "object",
    description: "Where more of it is shown.",
    required: ["label", "page"],
    properties: { label: text, page: text },
  },
} as const;
const NEED_REQUIRED = ["id", "kind", "isNow", "what", "why", "subject", "action"] as const;

export const NEED = {
  type: "object",
  required: [...NEED_REQUIRED],
  properties: {
    ...NEED_PROPERTIES,
    folded: { ...count, description: "How many of the kind this row stands for; absent: it is one." },
    members: {
      type: "array",
      description: "The first of them.",
      items: { type: "object", required: [...NEED_REQUIRED], properties: NEED_PROPERTIES },
    },
  },
} as const;

export const CHANNEL_ROW = {
  type: "object",
  required: [
    ...(["channel", "version", "since", "commit", "machines", "running", "actual", "waves"] as const),
    ...(["state", "reason", "standing", "next"] as const),
  ],
  properties: {
    channel: text,
    version: { ...text, description: "What it points to." },
    from: { ...text, description: "What it pointed to before." },
    offers: {
      type: ["string", "null"],
      description: "What it offers, where that is not what it points to; `null`: nothing.",
    },
    since: { ...seconds, description: "When the promotion began." },
    commit: { ...text, description: "The commit that promoted it." },
    author: { ...text, description: "Of that commit; only for those who may see all tenants." },
    subject: { ...text, description: "First line of its message; the same." },
    machines: { ...count, description: "Those that follow the channel." },
    running: { ...count, description: "Of them, those that run the version." },
    actual: { ...ppm, description: "Their share, parts per million." },
    allowed: { ...ppm, description: "Share whose turn has come; absent: nobody has looked yet." },
    waves: { type: "array", items: ppm, description: "Cumulative; empty: everybody at once." },
    state: { type: "string", enum: [...CHANNEL_STATES] },
    reason: { ...text, description: "Why, in a sentence." },
    standing: { ...text, description: "How it stands, in a few words." },
    next: { ...text, description: "What comes next." },
    nextAt: { ...seconds, description: "When that is; absent: nobody knows." },
    failures: {
      type: "object",
      required: ["failed", "counted", "rate"],
      properties: {
        failed: count,
        counted: count,
        rate: ppm,
        limit: { ...ppm, description: "What the gate allows, parts per million." },
        worst: {
          type: "object",
          description: "Where it is worst, where that is above the limit.",
          required: ["name", "rate"],
          properties: { name: text, rate: ppm },
        },
      },
    },
    haltedAt: seconds,
    stale: {
      type: "object",
      required: ["waiting", "since"],
      properties: { waiting: text, from: text, since: seconds },
    },
    adoption: {
      type: "object",
      description: "How many machines of the channel ran it, in steps of equal length.",
      required: ["from", "step", "running"],
      properties: {
        from: { ...seconds, description: "When the first step begins, seconds since 1970." },
        step: { ...count, description: "Seconds." },
        running: { type: "array", items: count },
      },
    },
  },
} as const;

export const RUNNING_VERSIONS = {
  type: "object",
  required: ["machines", "versions"],
  properties: {
    machines: { ...count, description: "Those that have the product." },
    versions: {
      type: "array",
      description: "Newest first.",
      items: {
        type: "object",
        required: ["version", "machines", "share", "channels", "belowMinimum"],
        properties: {
          version: text,
          machines: count,
          share: ppm,
          channels: { type: "array", items: text, description: "Those that point to it." },
          belowMinimum: { ...count, description: "Of its machines, those below a minimum." },
        },
      },
    },
    older: {
      type: "object",
      description: "All others summed up, where there are many.",
      required: ["versions", "machines", "share"],
      properties: { versions: count, machines: count, share: ppm },
    },
  },
} as const;

export const PRODUCT_OVERVIEW = {
  type: "object",
  required: ["name", "isCompanion", "channels", "runs"],
  properties: {
    name: text,
    isCompanion: { type: "boolean", description: "Updated only where it is installed already." },
    minimum: text,
    channels: { type: "array", items: CHANNEL_ROW, description: "Those with most machines first." },
    runs: RUNNING_VERSIONS,
  },
} as const;

export const NEEDS = {
  description: "What needs a person.",
  type: "object",
  required: ["at", "heading", "title", "lead", "waiting", "urgent", "needs"],
  properties: {
    at: seconds,
    commit: { ...text, description: "Of the manifest that is served; absent before the first." },
    signedAt: seconds,
    heading: { ...text, description: "Whether anything needs a person." },
    title: { ...text, description: "The same for a browser's tab." },
    lead: { ...text, description: "The most urgent in a sentence." },
    waiting: { ...count, description: "How many things need a person." },
    urgent: { ...count, description: "Of them, those that cannot wait." },
    needs: {
      type: "array",
      description: "The most urgent first; those of one kind in one row where there are more than eight.",
      items: NEED,
    },
    lastHaltAt: { ...seconds, description: "When a version was last halted, seconds since 1970." },
  },
} as const;

export const OVERVIEW = {
  description: "The fleet at one look.",
  type: "object",
  required: [...NEEDS.required, "facts", "products"],
  properties: {
    ...NEEDS.properties,
    facts: {
      type: "object",
      required: ["machines", "reporting", "updating", "putBack"],
      properties: {
        machines: { ...count, description: "Without those that are gone." },
        reporting: { ...count, description: "Heard of within a day." },
        updating: count,
        putBack: { ...count, description: "Attempts of the last day that put the version before back." },
      },
    },
    products: { type: "array", items: PRODUCT_OVERVIEW },
  },
} as const;
