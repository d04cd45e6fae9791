import { isAbsolute } from "node:path";
import type { HealthSettings, HttpHealth } from "./health-settings.ts";

/** How values of a config are read and refused, by the key that they stand under. */
export interface HealthReader {
  refuse(problem: string): never;
  duration(value: unknown, at: string): number;
  command(value: unknown, at: string): readonly string[];
}

const KNOWN = ["alive", "pid_file", "command", "http", "ready"];
const LONGEST_TEXT = 4096;

/** The mapping `health` of the config. */
export function readHealth(
  value: unknown,
  read: HealthReader,
): HealthSettings & { readonly command?: readonly string[] } {
  const values = mapping(value, "", KNOWN, read);
  const alive = values.get("alive");
  const pidFile = values.get("pid_file");
  const command = values.get("command");
  const http = values.get("http");
  const ready = values.get("ready");
  if (values.size === 0) read.refuse(`expected at least one of ${KNOWN.join(", ")}`);
  if (pidFile !== undefined && alive === undefined) read.refuse("`pid_file` belongs to `alive`");
  return {
    ...(alive === undefined ? {} : { alive: seconds(alive, read) }),
    ...(pidFile === undefined ? {} : { pidFile: absolutePath(pidFile, "pid_file", read) }),
    ...(command === undefined ? {} : { command: read.command(command, "command") }),
    ...(http === undefined ? {} : { http: readHttp(http, read) }),
    ...(ready === undefined ? {} : { readyFile: absolutePath(ready, "ready", read) }),
  };
}

/** `http: URL`, or `http: {url, status, contains}`. */
function readHttp(value: unknown, read: HealthReader): HttpHealth {
  const values =
    typeof value === "string"
      ? new Map<string, unknown>([["url", value]])
      : mapping(value, "http.", ["url", "status", "contains"], read);
  const url = values.get("url");
  const status = values.get("status") ?? 200;
  const contains = values.get("contains");
  if (typeof url !== "string" || !isHttp(url)) read.refuse("`http` expects an http or https URL");
  if (typeof status !== "number" || !Number.isInteger(status) || status < 100 || status > 599) {
    read.refuse("`http.status` expects a status such as 200");
  }
  if (contains === undefined) return { url, status };
  if (typeof contains !== "string" || contains === "" || contains.length > LONGEST_TEXT) {
    read.refuse("`http.contains` expects a text");
  }
  return { url, status, contains };
}

function isHttp(text: string): boolean {
  if (text.length > LONGEST_TEXT || !URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === "http:" || protocol === "https:";
}

function mapping(
  value: unknown,
  prefix: string,
  known: readonly string[],
  read: HealthReader,
): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return read.refuse(`expected a mapping with ${known.join(", ")}`);
  }
  const values = new Map(Object.entries(value));
  for (const key of values.keys()) {
    if (!known.includes(key)) {
      read.refuse(`\`${prefix}${key}\` is none of ${known.join(", ")}`);
    }
  }
  return values;
}

function seconds(value: unknown, read: HealthReader): number {
  const found = read.duration(value, "alive");
  return found >= 1 && found <= 3600 ? found : read.refuse("`alive` expects 1s to 1h");
}

function absolutePath(value: unknown, at: string, read: HealthReader): string {
  const isPath = typeof value === "string" && value.length <= LONGEST_TEXT && !value.includes("\0");
  return isPath && isAbsolute(value) ? value : read.refuse(`\`${at}\` expects an absolute path`);
}
