import { lstatSync, type Stats } from "node:fs";
import { isAbsolute } from "node:path";
import type { AgentHome } from "../home/agent-home.ts";
import { homeError } from "../home/home-error.ts";
import { readHomeFile, writeHomeFile } from "../home/own-file.ts";
import { type AgentConfig, DEFAULT_PACE, type MachineSettings, type ProductConfig } from "./agent-config.ts";
import { ConfigError } from "./config-error.ts";
import { type ConfigValues, KEYS } from "./config-keys.ts";
import { ConfigReader } from "./config-reader.ts";
import { keepParsedConfig, readParsedConfig } from "./parsed-config.ts";
import { parseProducts } from "./product-config.ts";

const SCHEMA_VERSION = 1;
const MAX_BYTES = 64 * 1024;
const MAX_RATE = 1_000_000_000;

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
  const read = new ConfigReader(value, file, KEYS);
  if (read.number("schemaVersion") !== SCHEMA_VERSION) {
    read.refuse("schemaVersion", `expected ${SCHEMA_VERSION}: a newer agent wrote this file`);
  }
  const machine = parseMachine(read);
  const products = parseProducts(read, machine);
  const { unknownKeys } = read;
  return { ...machine, products, ...(unknownKeys.length === 0 ? {} : { unknownKeys }) };
}

function parseMachine(read: ConfigReader): MachineSettings {
  const server = read.check("server", read.required("server"), isServer, "an http or https URL");
  const tenant = read.optionalName("tenant");
  const key = read.string("tenant_key");
  const site = read.optionalName("site");
  const labels = read.labels("labels");
  const checkInterval = read.duration("update_check_interval");
  const minRate = read.number("download_min_rate") ?? DEFAULT_PACE.minBytesPerSecond;
  const window = read.duration("download_rate_window") ?? DEFAULT_PACE.windowSeconds;
  const helperSocket = read.string("helper_socket");
  if (key !== undefined && !/^[0-9a-f]{64}$/.test(key)) {
    read.refuse("tenant_key", "expected 64 hexadecimal digits");
  }
  if ((tenant === undefined) !== (key === undefined)) {
    read.refuse(tenant === undefined ? "tenant" : "tenant_key", "tenant and tenant_key belong together");
  }
  if (!Number.isInteger(minRate) || minRate < 0 || minRate > MAX_RATE) {
    read.refuse("download_min_rate", `expected whole bytes a second, from 0 to ${MAX_RATE}`);
  }
  read.checkSeconds("download_rate_window", window);
  if (helperSocket !== undefined) read.check("helper_socket", helperSocket, isAbsolute, "an absolute path");
  return {
    server: server.endsWith("/") ? server : `${server}/`,
    ...(tenant === undefined || key === undefined ? {} : { tenant: { name: tenant, key } }),
    ...(site === undefined ? {} : { site }),
    ...(labels === undefined ? {} : { labels }),
    ...(checkInterval === undefined ? {} : { checkInterval }),
    pace: { minBytesPerSecond: minRate, windowSeconds: window },
    checkIn: read.flag("check_in") ?? false,
    reportLogs: read.flag("report_logs") ?? true,
    ...(helperSocket === undefined ? {} : { helperSocket }),
  };
}

/** Writes the config for its owner only: it holds the tenant's key. */
export async function writeConfig(home: AgentHome, values: ConfigValues): Promise<void> {
  const { stringify } = await import("yaml");
  const document = { schemaVersion: SCHEMA_VERSION, ...values };
  writeHomeFile(home.config, stringify(document));
}

/** A change of the file: `undefined` takes a key away. */
export type ConfigChanges = { readonly [Key in keyof ConfigValues]: ConfigValues[Key] | undefined };

/**
 * Changes keys of the config, and leaves what a person wrote beside them as it is, comments too.
 *
 * @param product whose keys they are; absent: those at the top
 * @throws ConfigError, HomeError; the file is then as it was
 */
export async function changeConfig(
  home: AgentHome,
  changes: ConfigChanges,
  product?: Pick<ProductConfig, "product" | "place">,
): Promise<void> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(Buffer.from(readBytes(home)).toString("utf8"));
  for (const [key, value] of Object.entries(changes)) {
    const path = product?.place === "folder" ? ["products", product.product, key] : [key];
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, value);
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
