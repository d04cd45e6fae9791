import { lstatSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpHealth } from "../config/health-settings.ts";
import { fromFileError, InstallError } from "../installation/install-error.ts";

const LONGEST_PROBE_SECONDS = 10;
const MAX_BODY_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 250;

/**
 * Asks the program over HTTP, once.
 *
 * @throws InstallError `install/confirm-failed`, `install/aborted`
 */
export async function probeHttp(
  { url, status, contains }: HttpHealth,
  version: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const milliseconds = 1000 * Math.min(seconds, LONGEST_PROBE_SECONDS);
  const expected = `status ${status}${contains === undefined ? "" : ` and \`${contains}\` in the answer`}`;
  const refuse = (got: string) =>
    new InstallError("install/confirm-failed", `${version} does not answer \`${url}\` as it should`, {
      ...{ expected, got },
      help: "ask that address by hand and read the service's log",
    });
  let answer: Answer;
  try {
    answer = await get(new URL(url), milliseconds, signal);
  } catch (error) {
    if (signal?.aborted === true) throw new InstallError("install/aborted", "stopped while confirming");
    throw refuse(error instanceof Error ? error.message.slice(0, 500) : String(error));
  }
  if (answer.status !== status) throw refuse(`status ${answer.status}`);
  if (contains !== undefined && !answer.text.includes(contains)) throw refuse("another answer");
}

interface Answer {
  readonly status: number;
  /** The first 64 KiB of the body. */
  readonly text: string;
}

/** One GET of the program on this machine, over a connection of its own. A redirect is an answer like any other. */
async function get(url: URL, milliseconds: number, outer: AbortSignal | undefined): Promise<Answer> {
  const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
  const time = AbortSignal.timeout(milliseconds);
  const signal = outer === undefined ? time : AbortSignal.any([outer, time]);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false, signal }, resolve).on("error", reject).end();
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8");
  return { status: response.statusCode ?? 0, text };
}

/**
 * Takes away what the version before left, so that only the new one can say READY.
 *
 * @throws InstallError where it cannot be removed: then it would speak for every version
 */
export function forgetReady(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw fromFileError(error, "remove", path);
  }
}

/**
 * Waits until something is so.
 *
 * @throws InstallError `install/confirm-failed` when the time is over, `install/aborted`
 */
export async function waitFor(
  holds: () => boolean,
  { expected, got }: { readonly expected: string; readonly got: () => string },
  version: string,
  secondsLeft: () => number,
  signal?: AbortSignal,
): Promise<void> {
  while (!holds()) {
    if (secondsLeft() <= 0) {
      throw new InstallError("install/confirm-failed", `${version} is not up in its time`, {
        ...{ expected, got: got() },
        help: "read the service's log, or raise confirm_timeout",
      });
    }
    try {
      await sleep(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw new InstallError("install/aborted", "stopped while confirming");
    }
  }
}

/** Whether the program has said READY. A link is nobody's word. */
export function isReady(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
