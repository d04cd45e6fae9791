import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { integer, object, parseJson, text } from "../../protocol/read-json.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";

const MAX_BYTES = 1024;

/** Who holds the lock of a state folder. For people only: nothing is decided by it, and after a kill it is stale. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Such as `serve`. */
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Notes that this process holds the lock. On a full disk the lock is held all the same, and nobody is named. */
export function noteHolder(stateFolder: string, command: string): void {
  const holder: LockHolder = {
    pid: process.pid,
    host: hostname().slice(0, 200),
    command,
    since: new Date().toISOString(),
  };
  try {
    // First of all, so that what cannot be written at least does not name somebody else.
    forgetHolder(stateFolder);
    replaceFile(holderFile(stateFolder), `${JSON.stringify(holder)}\n`, 0o600);
  } catch {
    // The lock is what counts.
  }
}

/** Takes the note away again, while the lock is still held. */
export function forgetHolder(stateFolder: string): void {
  rmSync(holderFile(stateFolder), { recursive: true, force: true });
}

/** Who is at work, as far as it can be told: `process 123 (serve) on ctrl-1 since 2026-01-31T08:00:00.000Z`. */
export function describeHolder(stateFolder: string): string {
  const holder = readHolder(stateFolder);
  if (holder === undefined) return "another process";
  const { pid, host, command, since } = holder;
  return `process ${pid} (${command}) on ${host} since ${since}`;
}

function readHolder(stateFolder: string): LockHolder | undefined {
  try {
    const bytes = readBounded(holderFile(stateFolder), MAX_BYTES);
    return bytes === undefined ? undefined : readFields(parseJson(bytes, MAX_BYTES), "");
  } catch (error) {
    if (error instanceof ProtocolError || (error instanceof Error && "syscall" in error)) return undefined;
    throw error;
  }
}

const word = text({ max: 200, form: /^[\w.:-]+$/, what: "letters, digits and dashes" });
const readFields = object({ pid: integer(1, 2 ** 31), host: word, command: word, since: word }, "ignore");

function holderFile(stateFolder: string): string {
  return join(stateFolder, "lock-holder.json");
}
