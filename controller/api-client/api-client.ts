import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { printable } from "../../protocol/printable.ts";
import { ApiError, type ApiErrorCode } from "./api-error.ts";

const DEADLINE_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** Pages of a list that are read before something must be wrong: a thousand times a thousand rows. */
const MOST_PAGES = 10_000;

/** Of several values each is given with the name. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A controller as people and scripts ask it. Everything throws `ApiError`. */
export class ApiClient {
  /** Such as `http://127.0.0.1:8080` or `unix:/run/fairlead/operators.sock`. */
  readonly address: string;
  private readonly token: string | undefined;

  /** @param token `undefined`: on the operators' own address nobody has to show one to read */
  constructor(address: string, token: string | undefined) {
    this.address = address;
    this.token = token;
  }

  /** What is at a path. @param isShape whether it looks like what is expected */
  async get<Shape>(
    path: string,
    query: Query,
    isShape: (value: object) => value is Shape & object,
  ): Promise<Shape> {
    const { body } = await this.ask("GET", `${path}${searchOf(query)}`, undefined);
    if (typeof body === "object" && body !== null && isShape(body)) return body;
    throw this.badAnswer(`${path} is not what it should be`);
  }

  /** The rows of a list, page by page as they are taken. @param most absent: all */
  async *rows<Row>(
    path: string,
    rows: string,
    query: Query = {},
    most?: number,
    pageSize = LARGEST_PAGE,
  ): AsyncGenerator<Row> {
    let after: string | undefined;
    let left = most ?? Number.POSITIVE_INFINITY;
    for (let page = 0; page < MOST_PAGES && left > 0; page++) {
      const asked = { ...query, limit: Math.min(pageSize, left), after };
      const { body } = await this.ask("GET", `${path}${searchOf(asked)}`, undefined);
      const read = pageIn<Row>(body, rows);
      if (read === undefined) throw this.badAnswer(`${path} is not a list of ${rows}`);
      yield* read.rows.slice(0, left);
      left -= read.rows.length;
      if (read.next === undefined) return;
      after = read.next;
    }
  }

  /** Asks for a change. @returns the answer; `undefined` where there is none */
  async send(method: "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
    return (await this.ask(method, path, body)).body;
  }

  private async ask(method: string, path: string, body: object | undefined): Promise<Answer> {
    const answer = await this.exchange(method, path, body).catch((error: unknown) => {
      if (error instanceof ApiError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new ApiError("api/unreachable", `no answer from ${this.address}: ${why}`, {
        help: "start it with `fairlead serve`, or name another address with --controller URL",
        cause: error,
      });
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.refusalOf(answer, path);
  }

  private async exchange(method: string, path: string, body: object | undefined): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: "application/json",
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      ...(text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    };
    const options = { method, headers, agent: false, signal: AbortSignal.timeout(DEADLINE_MS) } as const;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const onAnswer = (answer: IncomingMessage): void => {
      this.readBounded(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, body: parseJson(read) }),
        reject,
      );
    };
    sendTo(this.address, path, options, onAnswer).on("error", reject).end(text);
    return promise;
  }

  private async readBounded(answer: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES) throw this.badAnswer("its answer has no end");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  private refusalOf({ status, body }: Answer, path: string): ApiError {
    const problem = problemIn(body);
    if (problem === undefined) return this.badAnswer(`${path} answered ${status}`);
    const message = `${this.address}: ${printable(problem.detail)}`;
    const help = problem.help === undefined ? undefined : printable(problem.help);
    return new ApiError(codeOf(status), message, {
      ...(status === 401
        ? {
            help: "give a token with --token-file FILE or $FAIRLEAD_TOKEN: one of `fairlead people add`, or operator-token in the state folder",
          }
        : help === undefined
          ? {}
          : { help }),
    });
  }

  private badAnswer(why: string): ApiError {
    return new ApiError("api/bad-answer", `${this.address} is not a Fairlead controller: ${why}`, {
      help: "check --controller",
    });
  }
}

const LARGEST_PAGE = 1000;

function codeOf(status: number): ApiErrorCode {
  if (status === 401) return "api/wrong-token";
  return status === 404 ? "api/not-found" : "api/refused";
}

function sendTo(
  address: string,
  path: string,
  options: RequestOptions,
  onAnswer: (answer: IncomingMessage) => void,
) {
  const [, socketPath] = /^unix:(\/.+)$/.exec(address) ?? [];
  if (socketPath !== undefined) return requestHttp({ ...options, socketPath, path }, onAnswer);
  const url = URL.canParse(address) ? new URL(path, address) : undefined;
  if (url?.protocol === "https:") return requestHttps(url, options, onAnswer);
  if (url?.protocol === "http:") return requestHttp(url, options, onAnswer);
  throw new ApiError("api/bad-address", `\`${address}\` is not an address`, {
    help: "give it as http://host:port or unix:/path",
  });
}

function searchOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return typeof value === "object" ? value.map((each) => [name, each]) : [[name, String(value)]];
  });
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page as it was answered: the rows are what the controller says they are. */
function pageIn<Row>(
  body: unknown,
  name: string,
): { readonly rows: readonly Row[]; readonly next?: string } | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { next, ...rest }: { readonly next?: unknown } & Record<string, unknown> = { ...body };
  const rows = rest[name];
  if (!Array.isArray(rows)) return undefined;
  return { rows, ...(typeof next === "string" ? { next } : {}) };
}

/** A problem (RFC 9457). */
function problemIn(body: unknown): { readonly detail: string; readonly help?: string } | undefined {
  if (typeof body !== "object" || body === null || !("detail" in body) || !("code" in body)) return undefined;
  const { detail } = body;
  if (typeof detail !== "string") return undefined;
  const help = "help" in body && typeof body.help === "string" ? { help: body.help } : {};
  return { detail, ...help };
}
