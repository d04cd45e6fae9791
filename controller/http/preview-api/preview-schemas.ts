import { COMMIT_STATES } from "../../preview/preview-service.ts";
import { CHANGE_KINDS } from "../../propose/change-request.ts";
import { channelName, deviceId, name } from "../fleet-api/input-schemas.ts";
import { PLAN } from "./plan-schemas.ts";

const seconds = { type: "integer", description: "Seconds since 1970." } as const;
const count = { type: "integer", minimum: 0 } as const;
const text = { type: "string" } as const;
export const commitId = { type: "string", pattern: "^([0-9a-f]{40}|[0-9a-f]{64})$" } as const;
export const branchName = { type: "string", minLength: 1, maxLength: 250 } as const;

export const HISTORY_QUERY = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "integer", minimum: 1, maximum: 100, description: "How many at most; 30 when absent." },
    after: { ...commitId, description: "`next` of the page before: a commit." },
    product: { ...name, description: "Only what is about this product, and what concerns all." },
    channel: { ...channelName, description: "Only what is about a channel of this name." },
    tenant: { ...name, description: "Only what the file of this tenant says." },
  },
} as const;

export const COMMIT_PATH = {
  type: "object",
  required: ["commit"],
  properties: { commit: { ...commitId, description: "Its full id." } },
} as const;

export const TRAIL_LINES = {
  description: "Of each place that the trail names and that is there, its line.",
  type: "object",
  required: ["commit", "lines"],
  properties: {
    commit: { ...text, description: "Of the manifest that it was decided by." },
    lines: {
      type: "array",
      items: {
        type: "object",
        required: ["where", "line"],
        properties: {
          where: { ...text, description: "As the trail has it: `tenants/acme.yaml#/sites/berlin/channel`" },
          line: { type: "integer", minimum: 1 },
        },
      },
    },
  },
} as const;

export const PLAN_QUERY = {
  type: "object",
  additionalProperties: false,
  required: ["head"],
  properties: {
    head: { ...branchName, description: "A branch of the state repository." },
    base: { type: "string", enum: ["served"], description: "What it is compared with: what is served." },
  },
} as const;

export const FINDING = {
  type: "object",
  required: ["rule", "message", "file"],
  properties: { rule: text, message: text, file: text, line: { type: "integer", minimum: 1 } },
} as const;

export const DEED = {
  type: "object",
  required: ["kind", "file", "text"],
  properties: {
    kind: {
      type: "string",
      enum: [
        ...["promote", "rollback", "yank", "unyank", "pin", "unpin", "pause", "resume", "halt", "unhalt"],
        ...["advance", "minimum", "follow", "add", "remove"],
      ],
    },
    text: { ...text, description: "In words: `promote agent 1.4.2 to stable (was 1.4.1)`." },
    file: { ...text, description: "Relative to the state root." },
    product: text,
    channel: text,
    version: text,
    waves: count,
    platforms: { type: "array", items: text },
    from: text,
    scope: text,
    reason: text,
    tenant: text,
  },
} as const;

/** What the controller foresaw when it began to serve a commit. */
export const FORESEEN = {
  type: "object",
  description:
    "From the plan between the commit and its parent over the machines that were enrolled when the controller began to " +
    "serve it. Absent: nobody was, or no controller of this state folder was there.",
  required: ["at", "total", "moves", "stopped", "retimed"],
  properties: {
    at: seconds,
    total: { ...count, description: "Products on machines that were looked at." },
    moves: { ...count, description: "That run another version for it." },
    stopped: { ...count, description: "That would have moved, and did not." },
    retimed: { ...count, description: "That went to the same version at another time." },
  },
} as const;

/** How many machines a promotion has reached. */
export const REACHED = {
  type: "object",
  description:
    "From what machines have reported: of each promotion in the commit whose rollout is still kept, how many were offered " +
    "the version by now.",
  required: ["product", "channel", "version", "state", "offered", "confirmed", "failed"],
  properties: {
    product: text,
    channel: text,
    version: text,
    state: text,
    offered: count,
    confirmed: count,
    failed: count,
  },
} as const;

const SUMMARY = {
  commit: commitId,
  author: { ...text, description: "`Name <mail>`." },
  at: seconds,
  subject: text,
  state: {
    type: "string",
    enum: [...COMMIT_STATES],
    description:
      "`served`: what agents get. `past`: what they get came from it. `refused`: it has mistakes. `held`: nobody has " +
      "released it. `waiting`: newer than what is served, and not looked at by itself.",
  },
  errors: { ...count, description: "Mistakes that it was refused for." },
  first: { ...FINDING, description: "The first of them." },
  why: { ...text, description: "Why it is held." },
  did: { type: "array", items: DEED, description: "The gravest first, at most 20." },
  omitted: { ...count, description: "How many more things it did." },
  files: { ...count, description: "State files that it changed." },
  foreseen: FORESEEN,
  reached: { type: "array", items: REACHED },
} as const;

const NEEDED = [
  "commit",
  "author",
  "at",
  "subject",
  "state",
  "errors",
  "did",
  "omitted",
  "files",
  "reached",
] as const;

export const COMMIT_SUMMARY = { type: "object", required: [...NEEDED], properties: SUMMARY } as const;

export const FILE_DIFF = {
  type: "object",
  required: ["path"],
  properties: {
    path: { ...text, description: "Relative to the state root." },
    diff: {
      ...text,
      description: "As `git diff` has it; absent where the file is no text, too large, or a secret.",
    },
  },
} as const;

const SPAN = {
  type: "object",
  required: ["line", "column", "endLine", "endColumn"],
  properties: { line: count, column: count, endLine: count, endColumn: count },
} as const;

/** What is wrong in a state file. */
export const STATE_FINDING = {
  type: "object",
  required: ["rule", "severity", "message", "file", "notes"],
  properties: {
    rule: text,
    severity: { type: "string", enum: ["error", "warning"] },
    message: text,
    file: { ...text, description: "Relative to the state root." },
    span: SPAN,
    notes: { type: "array", items: text },
    help: text,
  },
} as const;

const findings = { type: "array", items: STATE_FINDING } as const;
const diffs = { type: "array", items: FILE_DIFF } as const;

export const COMMIT_REPORT = {
  type: "object",
  required: [...NEEDED, "parent", "body", "diffs", "omittedDiffs", "diagnostics"],
  properties: {
    ...SUMMARY,
    parent: { type: ["string", "null"], description: "The first parent." },
    body: { ...text, description: "What follows the subject in its message." },
    diffs,
    omittedDiffs: { ...count, description: "How many more files it changed." },
    diagnostics: { ...findings, description: "As it is judged today; none of a past commit." },
    plan: {
      ...PLAN,
      description: "On top of its parent, over the fleet as it is now; absent where either has mistakes.",
    },
  },
} as const;

const LINKS = {
  type: "object",
  description:
    "Addresses with `{commit}`, `{branch}`, `{path}` (from the top of the repository) and `{line}` to fill in.",
  required: ["commit", "file", "line", "branch"],
  properties: { commit: text, file: text, line: text, branch: text },
} as const;

export const SOURCE = {
  type: "object",
  required: ["ref", "served", "root", "forge", "pageChanges"],
  properties: {
    ref: { ...text, description: "What is followed: a branch, a ref in full, or HEAD." },
    served: { type: ["string", "null"], description: "The commit that agents get." },
    root: {
      type: ["string", "null"],
      description: "The state root inside the repository; empty for its top.",
    },
    forge: {
      type: ["object", "null"],
      description: "Where commits and lines can be looked at; `null`: nowhere that is known.",
      required: ["kind", "url", "links"],
      properties: { kind: { type: "string", enum: ["github", "gitlab", "gitea"] }, url: text, links: LINKS },
    },
    pageChanges: { type: "string", enum: ["off", "branch", "direct"] },
  },
} as const;

export const BRANCH_LIST = {
  type: "object",
  required: ["followed", "branches"],
  properties: {
    followed: { type: ["string", "null"], description: "The branch that is served; `null`: no branch is." },
    branches: {
      type: "array",
      items: { type: "object", required: ["name", "commit"], properties: { name: text, commit: text } },
    },
  },
} as const;

export const BRANCH_PLAN = {
  type: "object",
  required: [
    ...["branch", "commit", "base", "served", "commits", "behind", "verdict"],
    ...["diagnostics", "omittedDiagnostics", "did", "omitted", "countedAt"],
  ],
  properties: {
    branch: text,
    commit: text,
    base: { ...text, description: "Where the branch left the served line." },
    served: { ...text, description: "What is served." },
    commits: {
      type: "array",
      description: "What the branch brings, newest first, at most 50.",
      items: {
        type: "object",
        required: ["commit", "author", "at", "subject"],
        properties: { commit: text, author: text, at: seconds, subject: text },
      },
    },
    behind: { ...count, description: "How many commits were served since the branch began." },
    verdict: {
      type: "string",
      enum: ["refused", "warned", "fine"],
      description: "`refused`: it has mistakes. `warned`: it or its plan has warnings.",
    },
    diagnostics: findings,
    omittedDiagnostics: count,
    did: { type: "array", items: DEED },
    omitted: count,
    plan: PLAN,
    countedAt: { ...seconds, description: "When the fleet was counted." },
  },
} as const;

const reason = { type: "string", minLength: 1, maxLength: 500 } as const;
const versionText = { type: "string", pattern: "^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$" } as const;
const dateText = { type: "string", pattern: "^[0-9][0-9TZ:.+-]{3,39}$" } as const;

export const PROPOSAL_BODY = {
  type: "object",
  additionalProperties: false,
  required: ["kind"],
  properties: {
    kind: {
      type: "string",
      enum: [...CHANGE_KINDS],
      description: "As the command of that name; `resume-halt` is `resume --halt`.",
    },
    product: name,
    channel: channelName,
    version: versionText,
    fleet: { type: "boolean", description: "It is about the whole fleet." },
    tenant: name,
    site: name,
    group: name,
    device: deviceId,
    platforms: {
      type: "array",
      minItems: 1,
      maxItems: 50,
      items: { type: "string", pattern: "^[a-z0-9]+-[a-z0-9_]+$", maxLength: 64 },
      description: "Of a yank: for these alone.",
    },
    waves: {
      type: "integer",
      minimum: 1,
      maximum: 999,
      description: "Of `advance`: how many are open then; absent: one more.",
    },
    allWaves: { type: "boolean", description: "Of `advance`: all of them." },
    restartWaves: { type: "boolean", description: "Of `resume-halt`: waves begin anew." },
    reason,
    owner: { type: "string", minLength: 1, maxLength: 200 },
    expires: { ...dateText, description: "Of a pin." },
    until: { ...dateText, description: "Of a pause." },
    base: { ...commitId, description: "What was looked at: `base` of the dry run. Needed to write." },
    dryRun: { type: "boolean", description: "Say what it would do, and write nothing." },
  },
} as const;

export const PREPARED_COMMIT = {
  type: "object",
  required: [
    "base",
    "followed",
    "subject",
    "notices",
    "diffs",
    "diagnostics",
    "isValid",
    "isBaseSound",
    "moves",
    "command",
    "pageChanges",
  ],
  properties: {
    base: { ...text, description: "The commit that it was worked out on." },
    followed: { type: ["string", "null"], description: "The branch that is followed." },
    subject: { ...text, description: "First line of the message." },
    reason: { ...text, description: "The rest of it." },
    notices: { type: "array", items: text },
    diffs: { ...diffs, description: "Empty: state already says so." },
    diagnostics: {
      ...findings,
      description: "All errors with the change in it, and the warnings that it brings.",
    },
    isValid: { type: "boolean", description: "Whether it may be committed." },
    isBaseSound: { type: "boolean", description: "Whether the state is good without it." },
    moves: { type: ["integer", "null"], description: "Machines that it concerns; `null`: nobody can tell." },
    plan: PLAN,
    command: { ...text, description: "What does the same on a command line." },
    pageChanges: {
      type: "string",
      enum: ["off", "branch", "direct"],
      description: "What the button does here.",
    },
    lack: { ...text, description: "Why the asker may not write it." },
  },
} as const;

export const WRITTEN_COMMIT = {
  description: "The commit that was made.",
  type: "object",
  required: ["commit", "branch", "subject"],
  properties: {
    commit: text,
    branch: text,
    subject: text,
    request: { ...text, description: "Where a person opens the pull or merge request." },
  },
} as const;

/** What it would be, or what was made. */
export const PROPOSED = {
  type: "object",
  properties: {
    prepared: { ...PREPARED_COMMIT, description: "With `dryRun`: what it would be." },
    written: WRITTEN_COMMIT,
  },
} as const;
