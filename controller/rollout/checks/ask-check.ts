import type { IncomingMessage } from "node:http";
import { printable } from "../../../protocol/printable.ts";
import type { WebClient } from "../../artifacts/web-client.ts";
import type { GateCheck, HttpCheck, PrometheusCheck } from "../../desired/gate-checks.ts";
import type { PromotionKey } from "../../desired/overlay.ts";
import type { CheckAnswer } from "./observe-check.ts";
import { readPrometheus } from "./read-prometheus.ts";

/** What a controller is set to, besides what state says. */
export interface CheckSettings {
  /** The Prometheus server of checks that name none. */
  readonly prometheus?: URL;
  /** The `Authorization` header for that server alone. */
  readonly authorization?: string;
}

/** Milliseconds for one question with its answer. */
const TIME_LIMIT_MS = 10_000;
/** Most bytes that are read of an answer. */
const MOST_BYTES = 1024 * 1024;

/** Asks a check once. Whatever goes wrong on the way concludes nothing: it never rejects. */
export async function askCheck(
  client: WebClient,
  settings: CheckSettings,
  check: GateCheck,
  promotion: PromotionKey,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<CheckAnswer> {
  const signal = AbortSignal.timeout(timeLimitMs);
  try {
    switch (check.kind) {
      case "prometheus":
        return await askPrometheus(client, settings, check, promotion, signal);
      case "http":
        return await askPage(client, check, promotion, signal);
    }
  } catch (error) {
    if (signal.aborted) return { kind: "none", text: `no answer within ${timeLimitMs / 1000} s` };
    return { kind: "none", text: printable(error instanceof Error ? error.message : String(error), 300) };
  }
}

async function askPrometheus(
  client: WebClient,
  { prometheus, authorization }: CheckSettings,
  check: PrometheusCheck,
  promotion: PromotionKey,
  signal: AbortSignal,
): Promise<CheckAnswer> {
  const server = check.url ?? prometheus?.href;
  if (server === undefined) {
    return { kind: "none", text: "it names no Prometheus server, and the controller is set to none" };
  }
  const url = new URL(`${server.replace(/\/+$/, "")}/api/v1/query`);
  url.searchParams.set(
    "query",
    fillIn(check.query, promotion, (text) => text),
  );
  const isOwn = authorization !== undefined && url.origin === prometheus?.origin;
  const headers = { accept: "application/json", ...(isOwn ? { authorization } : {}) };
  const answer = await client.send(url, { method: "GET", headers, signal });
  const body = await readBody(answer);
  if (body === undefined) return { kind: "none", text: "Prometheus answers more than can be read" };
  // Prometheus answers 400 and 422 with a JSON body that says what is wrong with the query.
  const { statusCode: status = 0 } = answer;
  if (status >= 200 && status < 500 && body.startsWith("{")) return readPrometheus(check, body);
  return { kind: "none", text: `Prometheus answers ${status}` };
}

async function askPage(
  client: WebClient,
  { url, status }: HttpCheck,
  promotion: PromotionKey,
  signal: AbortSignal,
): Promise<CheckAnswer> {
  const address = new URL(fillIn(url, promotion, encodeURIComponent));
  const answer = await client.send(address, { method: "GET", signal, stay: true });
  answer.destroy();
  const { statusCode: got = 0 } = answer;
  const isGood = status === undefined ? got >= 200 && got < 300 : got === status;
  const text = `${address.host} answers ${got}`;
  return isGood ? { kind: "pass", text } : { kind: "fail", text: `${text}, not ${status ?? "200 to 299"}` };
}

/** `{{product}}`, `{{channel}}` and `{{version}}`. Their own forms leave nothing in them that a query could mistake. */
function fillIn(text: string, promotion: PromotionKey, write: (value: string) => string): string {
  return text.replaceAll(/\{\{(product|channel|version)\}\}/g, (whole, name: string) => {
    const value = name === "product" || name === "channel" || name === "version" ? promotion[name] : whole;
    return write(value);
  });
}

/** @returns `undefined` for one that is too long */
async function readBody(answer: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > MOST_BYTES) {
      answer.destroy();
      return undefined;
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
}
