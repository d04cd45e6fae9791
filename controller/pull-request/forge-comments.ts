import { printable } from "../../protocol/printable.ts";
import type { CiJob } from "./ci-job.ts";
import { CommentError } from "./comment-error.ts";

/** A comment, as far as it matters which one it is. */
export interface ForgeComment {
  readonly id: number;
  readonly body: string;
}

/** The token may read and not write; `why` is what the forge says. Nobody has done anything wrong. */
export class MayNotWrite extends Error {}

/** It may go better in a while. */
export class ForgeInTrouble extends Error {}

const TIME_LIMIT_MS = 20_000;
/** Of one answer: a page of a hundred comments as long as they may be. */
const MOST_BYTES = 32 * 1024 * 1024;
const PAGE = 100;
const MOST_PAGES = 100;

/**
 * The comments of one pull request at GitHub ("Issue comments", `/repos/{owner}/{repo}/issues/{number}/comments`) or the notes
 * of one merge request at GitLab ("Notes", `/projects/:id/merge_requests/:iid/notes`).
 *
 * Everything throws `CommentError`, `MayNotWrite` or `ForgeInTrouble`.
 */
export class ForgeComments {
  private readonly job: CiJob;
  private readonly list: string;

  constructor(job: CiJob) {
    const { forge, repository, number } = job;
    this.job = job;
    this.list =
      forge === "github"
        ? `/repos/${repository}/issues/${number}/comments`
        : `/projects/${repository}/merge_requests/${number}/notes`;
  }

  /** The oldest comment that begins like this and is by whom the token belongs to: one by others they could alter. */
  async find(beginning: string): Promise<ForgeComment | undefined> {
    const isMine = await this.ownership();
    const order = this.job.forge === "github" ? "" : "&order_by=created_at&sort=asc";
    for (let page = 1; page <= MOST_PAGES; page++) {
      const said = await this.ask("GET", `${this.list}?per_page=${PAGE}&page=${page}${order}`);
      if (!Array.isArray(said)) throw badAnswer("its list of comments is none");
      for (const comment of said) {
        if (!isComment(comment)) throw badAnswer("its list holds something that is no comment");
        if (comment.body.startsWith(beginning) && isMine(comment)) return comment;
      }
      if (said.length < PAGE) break;
    }
    return undefined;
  }

  async create(body: string): Promise<void> {
    await this.ask("POST", this.list, { body });
  }

  async update({ id }: ForgeComment, body: string): Promise<void> {
    const { forge, repository } = this.job;
    if (forge === "github") await this.ask("PATCH", `/repos/${repository}/issues/comments/${id}`, { body });
    else await this.ask("PUT", `${this.list}/${id}`, { body });
  }

  /** Who the token belongs to. GitHub does not tell that to the token of a workflow, which comments as a bot. */
  private async ownership(): Promise<(comment: object) => boolean> {
    try {
      const me = await this.ask("GET", "/user");
      const id = idOf(me);
      if (id === undefined) throw badAnswer("it does not say whose the token is");
      return (comment) => idOf(authorOf(comment)) === id;
    } catch (error) {
      if (!(error instanceof MayNotWrite) || this.job.forge !== "github") throw error;
      return (comment) => isBot(authorOf(comment));
    }
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const { status, text, isLimited } = await this.exchange(method, path, body);
    if (status >= 200 && status < 300) return parsed(text);
    const why = `${this.job.forge} answers ${status} to ${method} ${path.replace(/\?.*/, "")}: ${messageOf(text)}`;
    if (status === 429 || status >= 500 || (status === 403 && isLimited)) throw new ForgeInTrouble(why);
    if (status === 403) throw new MayNotWrite(why);
    throw new CommentError("comment/refused", why, {
      ...(status === 401 ? { help: "give the job a token that is still valid" } : {}),
    });
  }

  private async exchange(
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<{ readonly status: number; readonly text: string; readonly isLimited: boolean }> {
    const { api, forge, token = "" } = this.job;
    try {
      const answer = await fetch(`${api}${path}`, {
        method,
        headers: {
          "user-agent": "Fairlead",
          accept: forge === "github" ? "application/vnd.github+json" : "application/json",
          ...(forge === "github"
            ? { authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" }
            : { "private-token": token }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Wherever it leads, the token is not for there.
        redirect: "manual",
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      const { status, headers } = answer;
      const isLimited = headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0";
      return { status, text: await boundedText(answer), isLimited };
    } catch (error) {
      if (error instanceof CommentError) throw error;
      const { message, cause } = error instanceof Error ? error : new Error(String(error));
      const why = cause instanceof Error ? cause.message : message;
      throw new ForgeInTrouble(`no answer from ${new URL(api).host}: ${printable(why, 200)}`);
    }
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES) throw badAnswer("its answer has no end");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function badAnswer(why: string): CommentError {
  return new CommentError("comment/bad-answer", `what answers is no forge: ${why}`, {
    help: "check GITHUB_API_URL or CI_API_V4_URL",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer("its answer is no JSON");
  }
}

function isComment(value: unknown): value is ForgeComment {
  if (typeof value !== "object" || value === null || !("id" in value) || !("body" in value)) return false;
  return Number.isSafeInteger(value.id) && typeof value.body === "string";
}

/** `user` at GitHub, `author` at GitLab. */
function authorOf(comment: object): unknown {
  if ("user" in comment) return comment.user;
  return "author" in comment ? comment.author : undefined;
}

function idOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("id" in value)) return undefined;
  return Number.isSafeInteger(value.id) ? Number(value.id) : undefined;
}

function isBot(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Bot";
}

/** What the forge says of its refusal, one line of it. */
function messageOf(text: string): string {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said === "object" && said !== null) {
      const message = "message" in said ? said.message : "error" in said ? said.error : undefined;
      if (message !== undefined)
        return printable(typeof message === "string" ? message : JSON.stringify(message), 200);
    }
  } catch {
    // A page of a proxy: its beginning has to do.
  }
  return printable(text.trim().split("\n", 1)[0] ?? "", 200);
}
