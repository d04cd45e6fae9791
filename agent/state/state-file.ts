import { ProtocolError } from "../../protocol/protocol-error.ts";
import {
  entries,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  text,
} from "../../protocol/read-json.ts";
import type { ProductHome } from "../home/agent-home.ts";
import { HOME_ERRORS, HomeError, homeError } from "../home/home-error.ts";
import { OwnFile } from "../home/own-file.ts";
import { type Build, readBuild } from "../installation/build.ts";
import { holdLock, type LockResult } from "../process/hold-lock.ts";
import type { AgentState } from "./agent-state.ts";
import { EMPTY_STATE } from "./agent-state.ts";
import { MOST_TRIES } from "./block-build.ts";

/** Format 1 called the id of a build its sha256; it is still read. */
const FORMAT = 2;
const MAX_BYTES = 256 * 1024;
/** A change holds the lock for milliseconds; who waits longer than this has a broken file system. */
const LOCK_SECONDS = 10;

/** Keeps `AgentState` on disk. What is damaged is forgotten: nothing in it is needed to be safe. */
export class StateFile {
  private readonly file: OwnFile<AgentState>;
  private readonly lock: string;

  constructor(home: Pick<ProductHome, "state" | "lock">) {
    this.file = new OwnFile(home.state, MAX_BYTES, parseState);
    this.lock = home.lock;
  }

  /** @throws HomeError */
  read(): AgentState {
    return this.file.read() ?? EMPTY_STATE;
  }

  /**
   * Applies a change to what is on disk and writes it, unless nothing changed. Under a lock of its own, apart from the
   * installation's: a daemon notes its check while a person's `update` notes an outcome, and neither may lose it.
   *
   * @throws HomeError
   */
  update(change: (state: AgentState) => AgentState): AgentState {
    const release = this.hold();
    try {
      const before = this.read();
      const after = change(before);
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        this.file.write(`${JSON.stringify({ format: FORMAT, ...after }, null, 2)}\n`);
      }
      return after;
    } finally {
      release();
    }
  }

  private hold(): () => void {
    const lock = this.tryLock();
    switch (lock.kind) {
      case "held":
        return lock.release;
      case "busy":
        throw new HomeError(
          "home/lock-busy",
          `\`${this.lock}\` is locked for more than ${LOCK_SECONDS} s by process ${lock.holder ?? "unknown"}`,
          { help: HOME_ERRORS["home/lock-busy"].remedy },
        );
      case "unavailable":
        throw new HomeError("home/lock-unavailable", `cannot lock \`${this.lock}\`: flock: ${lock.got}`, {
          help: HOME_ERRORS["home/lock-unavailable"].remedy,
        });
    }
  }

  private tryLock(): LockResult {
    try {
      return holdLock(this.lock, LOCK_SECONDS);
    } catch (error) {
      throw homeError(error, "lock", this.lock);
    }
  }
}

const second = integer(0);
const word = text({ max: 256 });
const sentence = text({ max: 8192 });

const readFormat = object({ format: oneOf(1, FORMAT) }, "ignore");
const readInstalled = extended(object({ fingerprint: word }, "ignore"));
const readPrevious = extended(object({ keptAt: second }, "ignore"));
const readBlocked = extended(
  object(
    {
      ...{ reason: sentence, until: second, failures: second },
      failedAt: optional(list(second, MOST_TRIES)),
      ...{ waitsForPerson: optional(oneOf(true)), waitsForMachine: optional(oneOf(true)) },
    },
    "ignore",
  ),
);
const readPostponed = extended(object({ since: second, until: second }, "ignore"));
const readFailedCheck = object({ at: second, cause: word, reason: sentence }, "ignore");
const readOutcome = object(
  {
    startedAt: second,
    outcome: oneOf("confirmed", "rolled-back", "not-restored", "failed"),
    from: (value, at) => (value === null ? null : word(value, at)),
    to: word,
    cause: optional(word),
    reason: optional(sentence),
  },
  "ignore",
);

/** A build with more that is known of it. */
function extended<T extends object>(rest: Reader<T>): Reader<Build & T> {
  return (value, at) => ({ ...readBuild(value, at), ...rest(value, at) });
}

/**
 * Reads each part by itself, so that one odd entry loses only itself.
 *
 * @returns `undefined` for what is no state at all
 */
export function parseState(bytes: Uint8Array): AgentState | undefined {
  const parts = tolerated(() => {
    const value = parseJson(bytes, MAX_BYTES);
    readFormat(value, "");
    return new Map(entries(value, ""));
  });
  if (parts === undefined) return undefined;
  const part = <T>(name: string, read: Reader<T>) => tolerated(() => read(parts.get(name), `/${name}`));
  const blocked = parts.get("blocked");
  const installed = part("installed", readInstalled);
  const previous = part("previous", readPrevious);
  const lastCheckAt = part("lastCheckAt", second);
  const failedCheck = part("failedCheck", readFailedCheck);
  const last = part("last", readOutcome);
  const postponed = part("postponed", readPostponed);
  return {
    blocked: (Array.isArray(blocked) ? blocked : []).flatMap(
      (entry) => tolerated(() => readBlocked(entry, "/blocked")) ?? [],
    ),
    ...(installed === undefined ? {} : { installed }),
    ...(previous === undefined ? {} : { previous }),
    ...(lastCheckAt === undefined ? {} : { lastCheckAt }),
    ...(failedCheck === undefined ? {} : { failedCheck }),
    ...(last === undefined ? {} : { last }),
    ...(postponed === undefined ? {} : { postponed }),
  };
}

function tolerated<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
