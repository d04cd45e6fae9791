import { printable } from "../../protocol/printable.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { httpGet } from "../fetch/http-get.ts";
import { type Finding, fine, problem, unknown } from "./finding.ts";

/** Seconds by which clocks may differ: less than what makes a controller refuse a check-in. */
const MOST_SKEW = 120;
const MOST_BYTES = 64 * 1024;

const PROXY_VARIABLES = ["https_proxy", "http_proxy", "all_proxy", "no_proxy"];

/** Errors of TLS by which a proxy shows that puts its own certificate in between. */
const STRANGE_ISSUER: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Which proxies the environment names, without the passwords in them. */
export function lookAtProxy(environment: NodeJS.ProcessEnv): Finding {
  const set = PROXY_VARIABLES.flatMap((name) => {
    const value = environment[name] ?? environment[name.toUpperCase()];
    return value === undefined || value === "" ? [] : [`${name}=${withoutPassword(value)}`];
  });
  if (set.length === 0) return fine("proxy", "the environment names none");
  return fine("proxy", printable(`the environment names ${set.join(", ")}; a service may have another one`));
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^@/]*@/, "//...@");
}

/**
 * Whether the server can be reached, what stands in between, and whether its clock and this one agree.
 *
 * @param metadata where the manifest is
 * @param now seconds since 1970
 */
export async function lookAtServer(
  metadata: URL,
  now: () => number,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const url = new URL("timestamp.json", metadata);
  try {
    const { status, headers, body } = await httpGet(url, { totalTimeout: 15_000, signal });
    const seen = now();
    const bytes = await readSome(body);
    return [...whatAnswered(url, status, headers["content-type"], bytes), lookAtClock(headers.date, seen)];
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return [unreachable(url, error), unknown("clock", "no server says what time it is")];
  }
}

function whatAnswered(url: URL, status: number, type: string | undefined, bytes: string): readonly Finding[] {
  if (status === 200 && bytes.trimStart().startsWith("{")) return [fine("server", `${url.host} answers`)];
  if (/^\s*</.test(bytes) || type?.startsWith("text/html") === true) {
    return [
      problem(
        "server",
        `something between this machine and ${url.host} answers with a page (status ${status})`,
        "sign in at the network's portal, or let the proxy pass what goes to this server",
      ),
    ];
  }
  return [
    problem(
      "server",
      `${url} answers with status ${status}`,
      "check `server` in config.yaml: below it must be tuf/timestamp.json",
    ),
  ];
}

function unreachable(url: URL, error: FetchError): Finding {
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (STRANGE_ISSUER.has(code)) {
    return problem(
      "server",
      `${url.host} shows a certificate of an issuer that this machine does not know (${code})`,
      "a proxy that opens TLS stands in between, or a private authority: " +
        "name its certificate in NODE_EXTRA_CA_CERTS, for the service too",
    );
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return problem(
      "server",
      `the certificate of ${url.host} is out of date (${code})`,
      "check this machine's clock first, then the certificate",
    );
  }
  return problem(
    "server",
    printable(error.message),
    error.help ?? "check `server` in config.yaml, and the network between this machine and the server",
  );
}

/** @param date of the answer, as HTTP writes it (RFC 9110, section 6.6.1) */
export function lookAtClock(date: string | undefined, now: number): Finding {
  const theirs = date === undefined ? Number.NaN : Date.parse(date) / 1000;
  if (Number.isNaN(theirs)) return unknown("clock", "the server does not say what time it is");
  const skew = Math.round(now - theirs);
  if (Math.abs(skew) <= MOST_SKEW) return fine("clock", `within ${MOST_SKEW} seconds of the server's`);
  const how = skew > 0 ? "ahead of" : "behind";
  return problem(
    "clock",
    `it is ${Math.abs(skew)} seconds ${how} the server's`,
    "set this machine's clock, and have it kept right (NTP): signed metadata is judged by it",
  );
}

async function readSome(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
