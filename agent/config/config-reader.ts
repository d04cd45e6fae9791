import { DomainError } from "../../protocol/domain-error.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { isChannelName, isLabelValue, isName } from "../../protocol/manifest-names.ts";
import { printable } from "../../protocol/printable.ts";
import { ConfigError } from "./config-error.ts";
import type { Key } from "./config-keys.ts";
import type { UnknownKey } from "./unknown-keys.ts";

/** Most labels of one device. */
const MAX_LABELS = 50;

/** The values of the document, or of one mapping in it, each asked for by name and form. */
export class ConfigReader {
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly file: string;
  private readonly within: string;
  /** What the readers of one document came across and do not know. */
  readonly unknownKeys: UnknownKey[];

  /**
   * @param known the keys that there may be; others are passed over, so that a newer file stops no older agent
   * @param within where the mapping stands in the document: "" or a path that ends in a dot
   */
  constructor(
    value: unknown,
    file: string,
    known: readonly Key[],
    within = "",
    unknownKeys: UnknownKey[] = [],
  ) {
    this.file = file;
    this.within = within;
    this.unknownKeys = unknownKeys;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const what = within === "" ? `\`${file}\`` : `\`${within.slice(0, -1)}\` in \`${file}\``;
      throw new ConfigError("config/bad-config", `${what} is not a mapping of keys to values`, {
        help: "write it again with `fairlead-agent enroll --force`",
      });
    }
    this.values = new Map(Object.entries(value));
    for (const key of this.values.keys()) {
      if (!known.some((one) => one === key)) unknownKeys.push({ key: `${within}${key}`, known });
    }
  }

  refuse(key: string, problem: string): never {
    const name = printable(`${this.within}${key}`, 160);
    throw new ConfigError("config/bad-config", `\`${name}\` in \`${this.file}\`: ${problem}`, {
      help: "correct the file, or enrol again with --force",
    });
  }

  has(key: Key): boolean {
    return this.values.has(key);
  }

  /** Names with a mapping each. */
  mappings(key: Key, known: readonly Key[]): readonly (readonly [string, ConfigReader])[] {
    const value = this.values.get(key);
    if (value === undefined) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse(key, "expected names, each with keys of its own below it");
    }
    return Object.entries(value).map(([name, inner]) => {
      const within = `${this.within}${key}.${printable(name, 80)}.`;
      return [name, new ConfigReader(inner, this.file, known, within, this.unknownKeys)];
    });
  }

  string(key: Key): string | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    return typeof value === "string" && value.length <= 4096 ? value : this.refuse(key, "expected a text");
  }

  required(key: Key): string {
    return this.string(key) ?? this.refuse(key, "is missing");
  }

  check(key: Key, value: string, holds: (value: string) => boolean, expected: string): string {
    return holds(value) ? value : this.refuse(key, `expected ${expected}, got \`${value}\``);
  }

  optionalName(key: Key): string | undefined {
    const value = this.string(key);
    return value === undefined ? undefined : this.check(key, value, isName, "a name");
  }

  optionalChannel(key: Key): string | undefined {
    const value = this.string(key);
    return value === undefined ? undefined : this.check(key, value, isChannelName, "the name of a channel");
  }

  /** A version as whatever scheme has it. */
  optionalVersion(key: Key): string | undefined {
    const value = this.string(key);
    const isVersion = (text: string): boolean => /^[\x21-\x7e]{1,128}$/.test(text);
    return value === undefined ? undefined : this.check(key, value, isVersion, "a version");
  }

  /** Names and values of labels. */
  labels(key: Key): Readonly<Record<string, string>> | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse(key, "expected names with values, such as `ring: canary`");
    }
    const labels = Object.entries(value);
    if (labels.length > MAX_LABELS) this.refuse(key, `expected at most ${MAX_LABELS} labels`);
    for (const [name, label] of labels) {
      if (isName(name) && typeof label === "string" && isLabelValue(label)) continue;
      this.refuse(key, `\`${printable(name, 80)}\` is not a label: write it as \`ring: canary\``);
    }
    return Object.fromEntries(labels);
  }

  choice<T extends string>(key: Key, allowed: readonly T[]): T | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    return allowed.find((one) => one === value) ?? this.refuse(key, `expected ${allowed.join(" or ")}`);
  }

  number(key: Key): number | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    return typeof value === "number" ? value : this.refuse(key, "expected a number");
  }

  flag(key: Key): boolean | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    return typeof value === "boolean" ? value : this.refuse(key, "expected true or false");
  }

  /** Seconds, from `5m`; a bare `0` is a duration too. */
  duration(key: Key): number | undefined {
    const value = this.values.get(key);
    if (value === undefined || value === 0) return value;
    if (typeof value !== "string") return this.refuse(key, "expected a duration such as 90s, 5m or 1h, or 0");
    try {
      return parseDuration(value);
    } catch (error) {
      return this.refuse(key, error instanceof DomainError ? error.message : "expected a duration");
    }
  }

  /** Refuses what is no time that somebody waits for one step. */
  checkSeconds(key: Key, seconds: number): number {
    return seconds >= 1 && seconds <= 3600 ? seconds : this.refuse(key, "expected 1s to 1h");
  }

  /** A program and its arguments, as a list: no shell reads it. */
  command(key: Key): readonly string[] | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    const isCommand =
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= 64 &&
      value.every((part): part is string => typeof part === "string" && !part.includes("\0"));
    return isCommand ? value : this.refuse(key, 'expected a list such as ["systemctl", "restart", "acme"]');
  }
}
