import { lstatSync, type Stats } from "node:fs";
import { isAbsolute } from "node:path";
import { DomainError } from "../../protocol/domain-error.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { isChannelName, isLabelValue, isName } from "../../protocol/manifest-names.ts";
import { printable } from "../../protocol/printable.ts";
import { ARTIFACT_FORMATS, type ArtifactFormat, PACKAGE_FORMATS } from "../../protocol/release.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { homeError } from "../home/home-error.ts";
import { readHomeFile, writeHomeFile } from "../home/own-file.ts";
import { type AgentConfig, DEFAULT_CONFIRM, DEFAULT_PACE, DEFAULT_SELF_TEST } from "./agent-config.ts";
import { ConfigError } from "./config-error.ts";
import { keepParsedConfig, readParsedConfig } from "./parsed-config.ts";

const SCHEMA_VERSION = 1;
const MAX_BYTES = 64 * 1024;
/** Most labels of one device. */
const MAX_LABELS = 50;
const MAX_RATE = 1_000_000_000;

/** The file's keys with what each may be; unknown ones are errors, like everywhere in Fairlead. */
const KEYS = [
  "schemaVersion",
  "server",
  "product",
  "install_path",
  "format",
  "tenant",
  "tenant_key",
  "site",
  "labels",
  "channel",
  "update_check_interval",
  "self_test",
  "self_test_timeout",
  "restart",
  "confirm",
  "confirm_timeout",
  "confirm_attempts",
  "download_min_rate",
  "download_rate_window",
  "check_in",
  "report_logs",
  "executable",
  "package",
  "package_repository",
  "package_without_way_back",
  "service",
  "helper_socket",
] as const;
type Key = (typeof KEYS)[number];

/** What `enroll` writes: every key but the version of the form. */
export type ConfigValues = Readonly<
  Partial<
    Record<
      Exclude<Key, "schemaVersion">,
      string | number | boolean | readonly string[] | Readonly<Record<string, string>>
    >
  >
>;

/**
 * Reads the config. It names programs that we run, so a file that others can write to is refused.
 *
 * @throws ConfigError `config/not-enrolled`, `config/untrusted-config`, `config/bad-config`
 */
export async function readConfig(home: AgentHome): Promise<AgentConfig> {
  const found = lookAt(home.config);
  if (found === undefined) throw notEnrolled(home);
  const owner = process.geteuid?.();
  if (!found.isFile() || (found.mode & 0o022) !== 0 || (found.uid !== owner && found.uid !== 0)) {
    throw new ConfigError("config/untrusted-config", `others could have written \`${home.config}\``, {
      help: `make it a regular file of this user: chown $(id -u) and chmod 600 \`${home.config}\``,
    });
  }
  const bytes = readBytes(home);
  const kept = readParsedConfig(home, bytes);
  if (kept !== undefined) return parseConfig(kept, home.config);
  const value = await parseYaml(home, bytes);
  const config = parseConfig(value, home.config);
  keepParsedConfig(home, bytes, value);
  return config;
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw homeError(error, "read", path);
  }
}

function readBytes(home: AgentHome): Uint8Array {
  const read = readHomeFile(home.config, MAX_BYTES);
  switch (read.kind) {
    case "bytes":
      return read.bytes;
    case "absent":
      throw notEnrolled(home);
    case "unusable":
      throw new ConfigError("config/bad-config", `\`${home.config}\` is not a config (${read.why})`, {
        help: "restore it from a backup, or enrol again with --force",
      });
  }
}

function notEnrolled({ config }: AgentHome): ConfigError {
  return new ConfigError("config/not-enrolled", `there is no \`${config}\``, {
    help: "enrol this machine with `fairlead-agent enroll`, or name its folder with --home DIR",
  });
}

async function parseYaml(home: AgentHome, bytes: Uint8Array): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes), {
      maxAliasCount: 0,
      uniqueKeys: true,
    });
  } catch (error) {
    throw new ConfigError("config/bad-config", `\`${home.config}\` is not YAML`, {
      help: error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "write it again with enroll",
    });
  }
}

/**
 * Checks the config by hand, key by key (the agent carries no schema library).
 *
 * @throws ConfigError `config/bad-config`
 */
export function parseConfig(value: unknown, file: string): AgentConfig {
  const read = new ConfigReader(value, file);
  if (read.number("schemaVersion") !== SCHEMA_VERSION) {
    read.refuse("schemaVersion", `expected ${SCHEMA_VERSION}: a newer agent wrote this file`);
  }
  const server = read.check("server", read.required("server"), isServer, "an http or https URL");
  const tenant = read.optionalName("tenant");
  const key = read.string("tenant_key");
  const site = read.optionalName("site");
  const channel = read.optionalChannel("channel");
  const labels = read.labels("labels");
  const checkInterval = read.duration("update_check_interval");
  const format = read.choice("format", ARTIFACT_FORMATS);
  const check = read.command("confirm");
  const restart = read.command("restart");
  const confirmSeconds = read.duration("confirm_timeout") ?? DEFAULT_CONFIRM.seconds;
  const attempts = read.number("confirm_attempts") ?? DEFAULT_CONFIRM.attempts;
  const testSeconds = read.duration("self_test_timeout") ?? DEFAULT_SELF_TEST.seconds;
  const minRate = read.number("download_min_rate") ?? DEFAULT_PACE.minBytesPerSecond;
  const window = read.duration("download_rate_window") ?? DEFAULT_PACE.windowSeconds;
  if (key !== undefined && !/^[0-9a-f]{64}$/.test(key)) {
    read.refuse("tenant_key", "expected 64 hexadecimal digits");
  }
  if ((tenant === undefined) !== (key === undefined)) {
    read.refuse(tenant === undefined ? "tenant" : "tenant_key", "tenant and tenant_key belong together");
  }
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 100) {
    read.refuse("confirm_attempts", "expected a whole number from 1 to 100");
  }
  if (!Number.isInteger(minRate) || minRate < 0 || minRate > MAX_RATE) {
    read.refuse("download_min_rate", `expected whole bytes a second, from 0 to ${MAX_RATE}`);
  }
  for (const [name, seconds] of [
    ["download_rate_window", window],
    ["confirm_timeout", confirmSeconds],
    ["self_test_timeout", testSeconds],
  ] as const) {
    if (seconds < 1 || seconds > 3600) read.refuse(name, "expected 1s to 1h");
  }
  return {
    server: server.endsWith("/") ? server : `${server}/`,
    product: read.check("product", read.required("product"), isName, "a product's name"),
    installPath: read.check("install_path", read.required("install_path"), isAbsolute, "an absolute path"),
    ...(format === undefined ? {} : { format }),
    ...(tenant === undefined || key === undefined ? {} : { tenant: { name: tenant, key } }),
    ...(site === undefined ? {} : { site }),
    ...(channel === undefined ? {} : { channel }),
    ...(labels === undefined ? {} : { labels }),
    ...(checkInterval === undefined ? {} : { checkInterval }),
    selfTest: { command: read.command("self_test") ?? DEFAULT_SELF_TEST.command, seconds: testSeconds },
    confirm: {
      ...(restart === undefined ? {} : { restart }),
      ...(check === undefined ? {} : { check }),
      seconds: confirmSeconds,
      attempts,
    },
    pace: { minBytesPerSecond: minRate, windowSeconds: window },
    ...managedBy(read, format),
    checkIn: read.flag("check_in") ?? false,
    reportLogs: read.flag("report_logs") ?? true,
  };
}

/** What only some formats need to know. */
function managedBy(
  read: ConfigReader,
  format: ArtifactFormat | undefined,
): Pick<AgentConfig, "executable" | "package" | "service" | "helperSocket"> {
  const executable = read.string("executable");
  const name = read.string("package");
  const repository = read.string("package_repository");
  const withoutWayBack = read.flag("package_without_way_back") ?? false;
  const service = read.string("service");
  const helperSocket = read.string("helper_socket");
  if (executable !== undefined) {
    read.check("executable", executable, isInnerPath, "a path inside the archive, such as bin/lantern");
  }
  if (name === undefined && PACKAGE_FORMATS.some((one) => one === format)) {
    read.refuse("package", `is missing: with format ${format} it names the package that is kept up to date`);
  }
  if (name !== undefined) read.check("package", name, isPackageName, "the name of a package");
  if (repository !== undefined) {
    if (name === undefined) read.refuse("package_repository", "belongs to `package`");
    read.check("package_repository", repository, isPackageName, "the name of a repository");
  }
  if (service !== undefined) read.check("service", service, isServiceName, "the name of a service");
  if (helperSocket !== undefined) read.check("helper_socket", helperSocket, isAbsolute, "an absolute path");
  return {
    ...(executable === undefined ? {} : { executable }),
    ...(name === undefined
      ? {}
      : {
          package: {
            name,
            ...(repository === undefined ? {} : { repository }),
            ...(withoutWayBack ? { withoutWayBack } : {}),
          },
        }),
    ...(service === undefined ? {} : { service }),
    ...(helperSocket === undefined ? {} : { helperSocket }),
  };
}

function isInnerPath(text: string): boolean {
  return text !== "" && text.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function isPackageName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/.test(text);
}

function isServiceName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9@:._-]{0,255}$/.test(text);
}

/** Writes the config for its owner only: it holds the tenant's key. */
export async function writeConfig(home: AgentHome, values: ConfigValues): Promise<void> {
  const { stringify } = await import("yaml");
  const document = { schemaVersion: SCHEMA_VERSION, ...values };
  writeHomeFile(home.config, stringify(document));
}

/**
 * Changes keys of the config, and leaves what a person wrote beside them as it is, comments too. `undefined` takes a key
 * away.
 *
 * @throws ConfigError, HomeError; the file is then as it was
 */
export async function changeConfig(
  home: AgentHome,
  changes: { readonly [Key in keyof ConfigValues]: ConfigValues[Key] | undefined },
): Promise<void> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(Buffer.from(readBytes(home)).toString("utf8"));
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(key);
    else document.set(key, value);
  }
  const text = document.toString();
  parseConfig(await parseYaml(home, Buffer.from(text)), home.config);
  writeHomeFile(home.config, text);
}

function isServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === "http:" || url.protocol === "https:") && url.search === "" && url.hash === "";
}

/** The values of one document, each asked for by name and form. */
class ConfigReader {
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly file: string;

  constructor(value: unknown, file: string) {
    this.file = file;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ConfigError("config/bad-config", `\`${file}\` is not a mapping of keys to values`, {
        help: "write it again with `fairlead-agent enroll --force`",
      });
    }
    this.values = new Map(Object.entries(value));
    for (const key of this.values.keys()) {
      if (!KEYS.some((known) => known === key)) this.refuse(key, `unknown key; known are ${KEYS.join(", ")}`);
    }
  }

  refuse(key: string, problem: string): never {
    throw new ConfigError("config/bad-config", `\`${key}\` in \`${this.file}\`: ${problem}`, {
      help: "correct the file, or enrol again with --force",
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
