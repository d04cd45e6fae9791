import type { StatusReport } from "../http/api/status-report.ts";
import { StatusError } from "./status-error.ts";

const DEADLINE_MS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Asks a controller how it is.
 *
 * @param server its address, such as `http://127.0.0.1:8080`
 * @throws StatusError
 */
export async function fetchStatus(server: string): Promise<StatusReport> {
  const url = statusUrl(server);
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: "error" });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new StatusError("status/unreachable", `no answer from ${url.origin}: ${cause}`, {
      help: "start it with `fairlead serve`, or name another address with --server URL",
      cause: error,
    });
  }
  if (!response.ok) throw notAController(url, `it answered ${response.status}`);
  const text = await readBounded(url, response);
  const report: unknown = parseJson(text);
  if (!isStatusReport(report)) throw notAController(url, "its answer is not a status report");
  return report;
}

function statusUrl(server: string): URL {
  try {
    const url = new URL(server);
    if (url.protocol === "http:" || url.protocol === "https:") return new URL("/api/v1/status", url);
  } catch {
    // Not a URL: the error below says so.
  }
  throw new StatusError("status/bad-server", `\`${server}\` is not an address`, {
    help: "give it as http://host:port",
  });
}

async function readBounded(url: URL, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw notAController(url, "its answer has no end");
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

function notAController(url: URL, why: string): StatusError {
  return new StatusError("status/bad-answer", `${url.origin} is not a Fairlead controller: ${why}`, {
    help: "check --server",
  });
}
