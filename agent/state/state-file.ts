import { isSha256Hex } from "../../protocol/digest.ts";
import type { AgentHome } from "../config/agent-home.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { Build } from "../life-cycle/journal.ts";
import { holdLock } from "../process/hold-lock.ts";
import type { AgentState, BlockedBuild, FailedCheck, LastOutcome } from "./agent-state.ts";
import { EMPTY_STATE } from "./agent-state.ts";

const FORMAT = 1;
const MAX_BYTES = 256 * 1024;
/** A change holds the lock for milliseconds; who waits longer than this has a broken file system. */
const LOCK_SECONDS = 10;

/** Keeps `AgentState` on disk. What cannot be read is forgotten: nothing in it is needed to be safe. */
export class StateFile {
  private readonly path: string;
  private readonly lock: string;

  constructor(home: Pick<AgentHome, "state" | "lock">) {
    this.path = home.state;
    this.lock = home.lock;
  }

  read(): AgentState {
    const bytes = readBounded(this.path, MAX_BYTES);
    return bytes === undefined ? EMPTY_STATE : parseState(bytes.toString("utf8"));
  }

  /**
   * Applies a change to what is on disk and writes it, unless nothing changed. Under a lock of its own, apart from the
   * installation's: a daemon notes its check while a person's `update` notes an outcome, and neither may lose it.
   *
   * @throws InstallError as `holdLock`, or the file system's error
   */
  update(change: (state: AgentState) => AgentState): AgentState {
    const release = holdLock(this.lock, LOCK_SECONDS);
    try {
      const before = this.read();
      const after = change(before);
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        replaceFile(this.path, `${JSON.stringify({ format: FORMAT, ...after }, null, 2)}\n`);
      }
      return after;
    } finally {
      release();
    }
  }
}

/** Reads each part by itself, so that one odd entry loses only itself. */
export function parseState(text: string): AgentState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return EMPTY_STATE;
  }
  if (!isRecord(value) || value.format !== FORMAT) return EMPTY_STATE;
  const { installed, previous, blocked, lastCheckAt, failedCheck, last } = value;
  return {
    blocked: Array.isArray(blocked) ? blocked.filter(isBlocked) : [],
    ...(isBuild(installed) && typeof installed.fingerprint === "string"
      ? {
          installed: {
            version: installed.version,
            sha256: installed.sha256,
            fingerprint: installed.fingerprint,
          },
        }
      : {}),
    ...(isBuild(previous) && isSecond(previous.keptAt)
      ? { previous: { version: previous.version, sha256: previous.sha256, keptAt: previous.keptAt } }
      : {}),
    ...(isSecond(lastCheckAt) ? { lastCheckAt } : {}),
    ...(isFailedCheck(failedCheck) ? { failedCheck } : {}),
    ...(isOutcome(last) ? { last } : {}),
  };
}

function isBlocked(value: unknown): value is BlockedBuild {
  return (
    isBuild(value) && typeof value.reason === "string" && isSecond(value.until) && isSecond(value.failures)
  );
}

function isOutcome(value: unknown): value is LastOutcome {
  return (
    isRecord(value) &&
    isSecond(value.startedAt) &&
    ["confirmed", "rolled-back", "failed"].includes(String(value.outcome)) &&
    typeof value.to === "string"
  );
}

function isFailedCheck(value: unknown): value is FailedCheck {
  return (
    isRecord(value) &&
    isSecond(value.at) &&
    typeof value.cause === "string" &&
    typeof value.reason === "string"
  );
}

function isBuild(value: unknown): value is Build & Record<string, unknown> {
  return isRecord(value) && typeof value.version === "string" && isSha256Hex(value.sha256);
}

function isSecond(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
