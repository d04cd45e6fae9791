import { withQuery } from "../shell/routes.ts";
import { ApiError, errorOf, unreachable } from "./api-error.ts";
import type { Reads, Writes } from "./types.ts";

/** Names between braces. */
type PathNames<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;

type InPath<P> = [PathNames<P>] extends [never]
  ? unknown
  : { readonly path: Readonly<Record<PathNames<P>, string>> };
type InQuery<T> = T extends { query: infer Q }
  ? Record<string, never> extends Q
    ? { readonly query?: Readonly<Q> }
    : { readonly query: Readonly<Q> }
  : unknown;
type InBody<T> = T extends { body: infer B } ? { readonly body: B } : unknown;

/** What has to be said to ask at a path. */
export type Asked<P extends keyof Reads> = InPath<P> & InQuery<Reads[P]>;
/** What has to be said to have something done. */
export type Done<K extends keyof Writes> = InPath<K> & InQuery<Writes[K]> & InBody<Writes[K]>;
export type Answer<P extends keyof Reads> = Reads[P]["answer"];

/** Asks the API of the controller that the page came from. */
export interface Client {
  /** @throws ApiError */
  get<P extends keyof Reads>(path: P, asked: Asked<P>, signal?: AbortSignal): Promise<Answer<P>>;
  /** @throws ApiError */
  send<K extends keyof Writes>(operation: K, done: Done<K>): Promise<Writes[K]["answer"]>;
  /** Headers for what reads an answer by itself. */
  headers(): Record<string, string>;
}

/**
 * @param token what to show; absent: nothing
 * @param onRefused told when the token is missing, wrong or expired
 */
export function createClient(token: () => string | undefined, onRefused: (error: ApiError) => void): Client {
  const headers = (): Record<string, string> => {
    const shown = token();
    return shown === undefined ? {} : { authorization: `Bearer ${shown}` };
  };
  const ask = async (url: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(url, { ...init, cache: "no-store", credentials: "omit", redirect: "error" });
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw unreachable();
    }
    if (response.ok) return response;
    const error = errorOf(response.status, await response.json().catch(() => undefined));
    if (error.status === 401) onRefused(error);
    throw error;
  };
  return {
    headers,
    async get(path, asked, signal) {
      const init = { headers: headers(), ...(signal === undefined ? {} : { signal }) };
      return readJson(await ask(urlOf(path, asked), init));
    },
    async send(operation, done) {
      const [method = "POST", path = ""] = operation.split(" ");
      const body = bodyOf(done);
      const json = body === undefined ? {} : { "content-type": "application/json" };
      const init = { method, headers: { ...headers(), ...json }, ...(body === undefined ? {} : { body }) };
      const response = await ask(urlOf(path, done), init);
      return response.status === 204 ? undefined : readJson(response);
    },
  };
}

/** The schemas say what is in it, and the types come from them. */
async function readJson(response: Response) {
  try {
    return await response.json();
  } catch {
    throw new ApiError("page/unreadable", "the answer is not JSON", { status: response.status });
  }
}

/** The address for a path with names between braces. */
export function urlOf(path: string, asked: unknown): string {
  const names: Readonly<Record<string, string>> = plain(propertyOf(asked, "path"));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
  return withQuery(filled, plain(propertyOf(asked, "query")));
}

function plain(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(given.map(([name, each]) => [name, String(each)]));
}

function bodyOf(done: unknown): string | undefined {
  const body = propertyOf(done, "body");
  return body === undefined ? undefined : JSON.stringify(body);
}

/** What is said depends on the path, so that only its type knows which of them there are. */
function propertyOf(said: unknown, name: "path" | "query" | "body"): unknown {
  return typeof said === "object" && said !== null ? Reflect.get(said, name) : undefined;
}
