import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cleanups } from "../support/cleanups.ts";

/** Whose a token is and what it may do. `workflow`: GitHub's own, which is a bot and may not ask who it is. */
export interface TokenOwner {
  readonly id: number;
  readonly kind: "person" | "workflow";
  readonly mayWrite: boolean;
}

export interface StoredComment {
  readonly id: number;
  readonly author: TokenOwner;
  body: string;
}

/** A comment's body at most, in characters: https://docs.gitlab.com/administration/instance_limits/ */
const MOST = { github: 65_536, gitlab: 1_000_000 } as const;
const NOT_ALLOWED = { message: "Resource not accessible by integration", status: "403" };

/**
 * The comments of one pull request (`acme/fleet`, 7) and the notes of one merge request (project 5, 9) as GitHub's and GitLab's
 * API keep them: pages, whose a token is, tokens that may only read, and how long a comment may be.
 */
export class StandInForge {
  readonly comments: StoredComment[] = [];
  /** `POST /repos/...`, of those that alter something. */
  readonly writes: string[] = [];
  readonly tokens = new Map<string, TokenOwner>();
  /** Statuses with which the next requests are answered, one after the other, and nothing is done. */
  readonly troubles: number[] = [];
  /** The next write is done, and its answer lost. */
  losesNextAnswer = false;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(t: Cleanups): Promise<StandInForge> {
    const forge = new StandInForge();
    await new Promise<void>((resolve) => forge.server.listen(0, "127.0.0.1", resolve));
    t.after(() => forge.server.close());
    forge.tokens.set("workflow", { id: 41898282, kind: "workflow", mayWrite: true });
    forge.tokens.set("fork", { id: 41898282, kind: "workflow", mayWrite: false });
    forge.tokens.set("project", { id: 71, kind: "person", mayWrite: true });
    forge.tokens.set("reader", { id: 72, kind: "person", mayWrite: false });
    return forge;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** What a job of GitHub Actions gets for the pull request. @param event the file that tells of it */
  githubJob(event: string): Readonly<Record<string, string>> {
    return {
      ...{ GITHUB_ACTIONS: "true", GITHUB_API_URL: this.url, GITHUB_REPOSITORY: "acme/fleet" },
      GITHUB_EVENT_PATH: event,
    };
  }

  /** What a job of GitLab CI gets for the merge request. */
  gitlabJob(): Readonly<Record<string, string>> {
    return {
      ...{ GITLAB_CI: "true", CI_API_V4_URL: `${this.url}/api/v4` },
      ...{ CI_MERGE_REQUEST_PROJECT_ID: "5", CI_MERGE_REQUEST_IID: "9" },
    };
  }

  add(body: string, author: TokenOwner): StoredComment {
    const comment = { id: 1_000 + this.comments.length, author, body };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? "/", this.url);
    const isGitlab = url.pathname.startsWith("/api/v4/");
    const trouble = this.troubles.shift();
    if (trouble !== undefined) {
      send(trouble, { message: "in trouble" });
      return;
    }
    const token = isGitlab
      ? request.headers["private-token"]
      : request.headers.authorization?.replace("Bearer ", "");
    const owner = this.tokens.get(String(token));
    if (owner === undefined) {
      send(401, isGitlab ? { message: "401 Unauthorized" } : { message: "Bad credentials", status: "401" });
      return;
    }
    const path = url.pathname.replace("/api/v4", "");
    if (path === "/user") {
      if (owner.kind === "workflow") send(403, NOT_ALLOWED);
      else send(200, { id: owner.id });
      return;
    }
    const list = isGitlab ? "/projects/5/merge_requests/9/notes" : "/repos/acme/fleet/issues/7/comments";
    const one = isGitlab ? `${list}/` : "/repos/acme/fleet/issues/comments/";
    const shown = (comment: StoredComment): object => ({
      ...{ id: comment.id, body: comment.body },
      ...(isGitlab
        ? { author: { id: comment.author.id } }
        : { user: { id: comment.author.id, type: comment.author.kind === "workflow" ? "Bot" : "User" } }),
    });
    if (request.method === "GET" && path === list) {
      const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 20));
      const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
      // GitLab's newest come first, unless it is told otherwise.
      const isNewestFirst = isGitlab && url.searchParams.get("sort") !== "asc";
      const all = isNewestFirst ? this.comments.toReversed() : this.comments;
      send(200, all.slice(from, from + size).map(shown));
      return;
    }
    const isCreation = request.method === "POST" && path === list;
    const isUpdate = request.method === (isGitlab ? "PUT" : "PATCH") && path.startsWith(one);
    const { body } = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
    if (!isCreation && !isUpdate) {
      send(404, { message: "404 Not Found" });
      return;
    }
    if (!owner.mayWrite) {
      send(403, isGitlab ? { message: "403 Forbidden" } : NOT_ALLOWED);
      return;
    }
    if (typeof body !== "string" || body.length > MOST[isGitlab ? "gitlab" : "github"]) {
      send(isGitlab ? 400 : 422, { message: "body is too long" });
      return;
    }
    this.writes.push(`${request.method} ${path}`);
    const text = isGitlab ? body.trimEnd() : body;
    const known = this.comments.find(({ id }) => path === `${one}${id}`);
    if (isUpdate && known === undefined) {
      send(404, { message: "404 Not found" });
      return;
    }
    const comment = known ?? this.add(text, owner);
    comment.body = text;
    if (this.losesNextAnswer) response.destroy();
    else send(isCreation ? 201 : 200, shown(comment));
    this.losesNextAnswer = false;
  }
}
