import { isLabelValue } from "../manifest-names.ts";
import {
  badDocument,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  text,
} from "../read-json.ts";
import { readChannelName, readName } from "../read-names.ts";
import type { Facts } from "../requirements.ts";
import { CHECK_IN_SCHEMA_VERSION } from "./check-in.ts";

/**
 * The pieces that messages between devices and the controller are made of. Members that a reader does not know are passed
 * over, and so are new words where something goes on without them: agents and controllers of different ages talk.
 */

/** Most labels of one device, as in an agent's configuration. */
const MOST_LABELS = 50;
/** The last second of the year 9999: later ones are no times. */
const LAST_SECOND = 253_402_300_799;

/** Seconds since 1970. */
export const time = integer(0, LAST_SECOND);
export const schemaVersion = oneOf(CHECK_IN_SCHEMA_VERSION);

export const name = readName;
export const channelName = readChannelName;

const labelValue: Reader<string> = (value, at) => {
  const read = text({ max: 63 })(value, at);
  if (!isLabelValue(read)) throw badDocument(at, "the value of a label", value);
  return read;
};

export const labels = record(labelValue, MOST_LABELS, name);

/** The id of a device, as agents make it of their key. */
export const deviceId = text({ max: 64, form: /^[A-Za-z0-9._-]+$/, what: "the id of a device" });
export const platform = text({
  max: 64,
  form: /^[a-z0-9]+-[a-z0-9_]+$/,
  what: "a platform such as linux-x64",
});
/** Of an attempt or a request. */
export const randomId = text({ max: 32, form: /^[0-9a-f]{32}$/, what: "32 hexadecimal digits" });
/** An Ed25519 public key, or the key of a tenant. */
export const keyDigits = text({ max: 64, form: /^[0-9a-f]{64}$/, what: "64 hexadecimal digits" });
export const signatureDigits = text({ max: 128, form: /^[0-9a-f]{128}$/, what: "128 hexadecimal digits" });

/** A version or the like, as a machine may have it: also one that no release could have. */
export const word = text({ max: 128, form: /^[\x21-\x7e]+$/, what: "printable characters without blanks" });
/** A code or a state, such as `install/disk-full` or `idle`. */
export const code = text({ max: 64, form: /^[\x21-\x7e]+$/, what: "a code" });

/**
 * Words for people. What cannot be shown is replaced, and what is too long is cut: nothing depends on it, and a message
 * must not be refused for it.
 */
export function prose(max: number): Reader<string> {
  return (value, at) => cleaned(value, at, UNPRINTABLE).slice(0, max).toWellFormed();
}

/** The same for several lines; of what is too long, the end is kept. */
export function lastLines(max: number): Reader<string> {
  return (value, at) => cleaned(value, at, UNPRINTABLE_IN_LINES).slice(-max).toWellFormed();
}

/** What `printable` replaces too; in several lines, but for line breaks and tabs. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const UNPRINTABLE_IN_LINES = /[^\P{Cc}\n\t]|[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

function cleaned(value: unknown, at: string, unprintable: RegExp): string {
  if (typeof value !== "string") throw badDocument(at, "a string", value);
  return value.replace(unprintable, "?");
}

/** One of the words that are known; absent for a newer one. */
export function knownWord<const Word extends string>(words: readonly Word[]): Reader<Word | undefined> {
  return (value, at) => {
    const read = text({ max: 64 })(value, at);
    return words.find((known) => known === read);
  };
}

const fact = prose(128);
const bytes = integer(0);
export const facts: Reader<Facts> = object(
  {
    os: optional(fact),
    osVersion: optional(fact),
    glibc: optional(fact),
    musl: optional(fact),
    kernel: optional(fact),
    macos: optional(fact),
    windowsBuild: optional(fact),
    cpu: optional(list(prose(32), 1000)),
    memory: optional(bytes),
    disk: optional(bytes),
  },
  "ignore",
);

/** The thing itself, or `null`. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

/**
 * Parses a message and reads it.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readMessage<T>(reader: Reader<T>, content: Uint8Array, maxBytes: number): T {
  return reader(parseJson(content, maxBytes), "");
}

/** Items that are wrong are errors; those that a reader gives nothing for are left out. */
export function knownItems<T>(item: Reader<T | undefined>, max: number): Reader<readonly T[]> {
  const read = list(item, max);
  return (value, at) => read(value, at).filter((member) => member !== undefined);
}

/** Each item has a name of its own. */
export function unique<T>(reader: Reader<readonly T[]>, nameOf: (item: T) => string): Reader<readonly T[]> {
  return (value, at) => {
    const items = reader(value, at);
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      const itsName = nameOf(item);
      if (seen.has(itsName)) throw badDocument(`${at}/${index}`, "each once", itsName);
      seen.add(itsName);
    }
    return items;
  };
}
