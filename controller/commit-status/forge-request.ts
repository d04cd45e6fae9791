import { printable, shorten } from "../../protocol/printable.ts";
import type { Post, PostAnswer } from "../call-out/post-json.ts";
import { readRetryAfter } from "../call-out/retry.ts";

/** Where the state repository is at its forge. Plain data; the token is a secret. */
export interface ForgeSettings {
  readonly forge: "github" | "gitlab" | "gitea";
  /** `owner/name`; at GitLab the whole path. */
  readonly repository: string;
  /** Without a slash at its end. */
  readonly api: string;
  readonly token: string;
  /** Its host may be at a private address. */
  readonly allowPrivate: boolean;
}

/** `pending`: it has not begun. `running`: under way. `passed`, `failed`: how it ended, or stands. */
export type CommitState = "pending" | "running" | "passed" | "failed";

/** What is to be said of a commit under one name. */
export interface CommitStatus {
  /** In full. */
  readonly commit: string;
  /** Which of the statuses of the commit it is: `fairlead`, `fairlead/agent/stable`. */
  readonly context: string;
  readonly state: CommitState;
  /** One sentence. */
  readonly description: string;
  readonly link?: string;
}

/** Characters of a description: what GitHub takes. GitLab and Gitea take 255. */
const MOST_CHARACTERS = 140;

const STATES = {
  github: { pending: "pending", running: "pending", passed: "success", failed: "failure" },
  gitea: { pending: "pending", running: "pending", passed: "success", failed: "failure" },
  gitlab: { pending: "pending", running: "running", passed: "success", failed: "failed" },
} as const;

/**
 * The request that sets a status: GitHub's "Create a commit status" (`POST /repos/{owner}/{repo}/statuses/{sha}`), which
 * Gitea and Forgejo have under the same path, or GitLab's "Set commit pipeline status"
 * (`POST /projects/:id/statuses/:sha`).
 */
export function forgeRequest(settings: ForgeSettings, status: CommitStatus): Post {
  const { forge, repository, api, token, allowPrivate } = settings;
  const { commit, context, link } = status;
  const state = STATES[forge][status.state];
  const description = shortened(printable(status.description));
  const common = { state, description, ...(link === undefined ? {} : { target_url: link }) };
  const sha = encodeURIComponent(commit);
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    "user-agent": "Fairlead",
  };
  switch (forge) {
    case "github":
      return {
        ...{ url: new URL(`${api}/repos/${repository}/statuses/${sha}`), allowPrivate },
        headers: {
          ...headers,
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "x-github-api-version": "2022-11-28",
        },
        body: JSON.stringify({ ...common, context }),
      };
    case "gitea":
      return {
        ...{ url: new URL(`${api}/repos/${repository}/statuses/${sha}`), allowPrivate },
        headers: { ...headers, authorization: `token ${token}` },
        body: JSON.stringify({ ...common, context }),
      };
    case "gitlab":
      return {
        ...{
          url: new URL(`${api}/projects/${encodeURIComponent(repository)}/statuses/${sha}`),
          allowPrivate,
        },
        headers: { ...headers, "private-token": token },
        body: JSON.stringify({ ...common, name: context }),
      };
  }
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${shorten(text).slice(0, MOST_CHARACTERS - 3)}...`;
}

/** What came of setting a status. `refused`: trying this one again cannot help. */
export type StatusVerdict =
  | { readonly kind: "set" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string; readonly retryAfter: number | undefined };

/** @param now seconds since 1970 */
export function judgeForgeAnswer(
  { forge }: Pick<ForgeSettings, "forge">,
  answer: PostAnswer,
  now: number,
): StatusVerdict {
  if (answer.kind === "unreachable") return { kind: "failed", why: answer.why, retryAfter: undefined };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { kind: "set" };
  // GitLab takes no second `running` after a `running`: the status is what it should be, only its sentence is older.
  if (forge === "gitlab" && status === 400 && text.includes("Cannot transition status"))
    return { kind: "set" };
  const why = `${forge} answers ${status}: ${printable(messageOf(text), 150)}`;
  // 404 is also what GitHub says to a token that may not see the repository: somebody may mend that.
  if (status === 400 || status === 422) return { kind: "refused", why };
  return { kind: "failed", why, retryAfter: readRetryAfter(answer.retryAfter, now) };
}

function messageOf(text: string): string {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said === "object" && said !== null && "message" in said) {
      return typeof said.message === "string" ? said.message : JSON.stringify(said.message);
    }
  } catch {
    // Cut off, or a page of a proxy: its beginning has to do.
  }
  return text.trim().split("\n", 1)[0] ?? "";
}
