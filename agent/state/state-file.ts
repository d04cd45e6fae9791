import { isSha256Hex } from "../../protocol/digest.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { Build } from "../journal/journal.ts";
import type { AgentState, BlockedBuild, LastOutcome } from "./agent-state.ts";
import { EMPTY_STATE } from "./agent-state.ts";

const FORMAT = 1;
const MAX_BYTES = 256 * 1024;

/** Keeps `AgentState` on disk. What cannot be read is forgotten: nothing in it is needed to be safe. */
export class StateFile {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(): AgentState {
    const bytes = readBounded(this.path, MAX_BYTES);
    return bytes === undefined ? EMPTY_STATE : parseState(bytes.toString("utf8"));
  }

  /** Applies a change to what is on disk and writes it, unless nothing changed. */
  update(change: (state: AgentState) => AgentState): AgentState {
    const before = this.read();
    const after = change(before);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      replaceFile(this.path, `${JSON.stringify({ format: FORMAT, ...after }, null, 2)}\n`);
    }
    return after;
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
  const { installed, previous, blocked, lastCheckAt, last } = value;
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

function isBuild(value: unknown): value is Build & Record<string, unknown> {
  return isRecord(value) && typeof value.version === "string" && isSha256Hex(value.sha256);
}

function isSecond(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
