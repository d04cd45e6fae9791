import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { StatusReport } from "../http/api/status-report.ts";
import { StatusError } from "./status-error.ts";

const DEADLINE_MS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;
const PATH = "/api/v1/status";

/**
 * Asks a controller how it is.
 *
 * @param server its address, such as `http://127.0.0.1:8080` or `unix:/run/fairlead/operators.sock`
 * @param token  the operator's; without one, or on the operators' own address, absent
 * @throws StatusError
 */
export async function fetchStatus(server: string, token?: string): Promise<StatusReport> {
  const { status, body } = await ask(server, token).catch((error: unknown) => {
    if (error instanceof StatusError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StatusError("status/unreachable", `no answer from ${server}: ${why}`, {
      help: "start it with `fairlead serve`, or name another address with --server URL",
      cause: error,
    });
  });
  if (status === 401) {
    throw new StatusError("status/wrong-token", `${server} does not take this token`, {
      help: "give the controller's token with --token-file FILE or $FAIRLEAD_OPERATOR_TOKEN",
    });
  }
  if (status !== 200) throw notAController(server, `it answered ${status}`);
  const report: unknown = parseJson(body);
  if (!isStatusReport(report)) throw notAController(server, "its answer is not a status report");
  return report;
}

function ask(server: string, token: string | undefined): Promise<{ status: number; body: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = { headers, agent: false, signal: AbortSignal.timeout(DEADLINE_MS) } as const;
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const onAnswer = (answer: IncomingMessage): void => {
    readBounded(server, answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
  };
  send(server, options, onAnswer).on("error", reject).end();
  return promise;
}

function send(server: string, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) {
  const [, socketPath] = /^unix:(\/.+)$/.exec(server) ?? [];
  if (socketPath !== undefined) return requestHttp({ ...options, socketPath, path: PATH }, onAnswer);
  const url = statusUrl(server);
  return url.protocol === "https:"
    ? requestHttps(url, options, onAnswer)
    : requestHttp(url, options, onAnswer);
}

function statusUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(PATH, server) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new StatusError("status/bad-server", `\`${server}\` is not an address`, {
    help: "give it as http://host:port or unix:/path",
  });
}

async function readBounded(server: string, answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw notAController(server, "its answer has no end");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStatusReport(value: unknown): value is StatusReport {
  return typeof value === "object" && value !== null && "ready" in value && "degraded" in value;
}

function notAController(server: string, why: string): StatusError {
  return new StatusError("status/bad-answer", `${server} is not a Fairlead controller: ${why}`, {
    help: "check --server",
  });
}
