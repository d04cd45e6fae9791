import { dirname, resolve } from "node:path";
import type { ControllerConfig } from "../../schemas/controller.generated.ts";
import controllerSchema from "../../schemas/controller.schema.json" with { type: "json" };
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readBounded } from "../files/read-bounded.ts";
import { carriesSecret } from "../source/remote-access.ts";
import { parseSourceLocation } from "../source/source-location.ts";
import { describeSchemaErrors, type SchemaFault } from "../state/describe-schema-error.ts";
import { YAML_LIMITS } from "../state/parse-yaml.ts";
import { type FindFaults, readYamlFile } from "../state/read-document.ts";
import { GIT_LFS } from "./artifact-options.ts";
import { config } from "./config-check.generated.js";
import { ServeError } from "./serve-error.ts";

/** What a configuration file says: a value for each key, files and folders absolute; or what is wrong with it. */
export type ReadConfig =
  | {
      readonly ok: true;
      readonly values: ReadonlyMap<string, ConfigValue>;
      readonly sections: ConfigSections;
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** Of the file, for showing the places. */
      readonly text: string;
    };

/** What has no flag: it is more than a value. Files in it count from {@link ConfigSections.folder}. */
export interface ConfigSections extends Pick<ControllerConfig, (typeof SECTIONS)[number]> {
  /** Of the file. */
  readonly folder: string;
}

/** Keys without a flag. */
export const SECTIONS = ["notify", "commitStatus"] as const satisfies readonly (keyof ControllerConfig)[];

export type ConfigValue = string | number | boolean | readonly string[];

/** Says what is wrong with the value of a key beyond its schema; `undefined` where nothing is. */
export type CheckValue = (key: string, value: ConfigValue) => string | undefined;

/**
 * Reads the file of `fairlead serve --config`, by `schemas/controller.schema.json`.
 *
 * @throws ServeError `serve/bad-file` when there is no such file
 */
export function readConfigFile(file: string, check: CheckValue): ReadConfig {
  const path = resolve(file);
  const bytes = readBytes(file, path);
  const values = new Map<string, ConfigValue>();
  let sections: ConfigSections = { folder: dirname(path) };
  const findFaults: FindFaults = (content, sourceOf) => {
    if (!config(content)) return describeSchemaErrors(config.errors ?? [], sourceOf);
    const faults: SchemaFault[] = [];
    const { notify, commitStatus } = content;
    sections = {
      ...sections,
      ...(notify === undefined ? {} : { notify }),
      ...(commitStatus === undefined ? {} : { commitStatus }),
    };
    for (const [key, value] of Object.entries(content)) {
      if (!isConfigValue(value) || isSection(key)) continue;
      const fault = faultOfValue(key, value, check);
      if (fault === undefined) values.set(key, absolute(key, value, dirname(path)));
      else faults.push(fault);
    }
    return faults;
  };
  const read = readYamlFile({ path: file, blob: "", bytes }, findFaults);
  return read.ok
    ? { ok: true, values, sections }
    : { ok: false, diagnostics: read.diagnostics, text: bytes.toString("utf8") };
}

function readBytes(file: string, path: string): Buffer {
  const help = "--config takes a file of YAML with the flags of `fairlead serve` as keys";
  let bytes: Buffer | undefined;
  try {
    bytes = readBounded(path, YAML_LIMITS.bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ServeError("serve/bad-file", `\`${file}\` cannot be read: ${why}`, { help, cause });
  }
  if (bytes !== undefined) return bytes;
  throw new ServeError(
    "serve/bad-file",
    `\`${file}\` is no file, or has more than ${YAML_LIMITS.bytes} bytes`,
    {
      help,
    },
  );
}

function faultOfValue(key: string, value: ConfigValue, check: CheckValue): SchemaFault | undefined {
  const place = { path: [key], part: "value" } as const;
  if (key === "repo" && typeof value === "string" && carriesSecret(value)) {
    return {
      rule: "config/holds-secret",
      message: "the address carries a name or a password",
      ...place,
      help: "put `https://name:token@host` into a file that others may not read, and name that with `gitCredentials`",
    };
  }
  const problem = check(key, value);
  return problem === undefined ? undefined : { rule: "config/bad-value", message: problem, ...place };
}

function isSection(key: string): boolean {
  return SECTIONS.some((section) => section === key);
}

function isConfigValue(value: unknown): value is ConfigValue {
  if (Array.isArray(value)) return value.every((each) => typeof each === "string");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A file or a folder counts from where the configuration is: a service starts in `/`. */
function absolute(key: string, value: ConfigValue, folder: string): ConfigValue {
  if (typeof value !== "string") return value;
  switch (kindOf(key)) {
    case "file":
    case "folder":
      return resolve(folder, value);
    case "place":
      return isAddress(value) ? value : resolve(folder, value);
    default:
      return value;
  }
}

function isAddress(text: string): boolean {
  if (text === GIT_LFS || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return true;
  return parseSourceLocation(text).kind === "remote";
}

interface KeySchema {
  readonly description: string;
  readonly allOf?: readonly { readonly $ref: string }[];
}

const PROPERTIES: Readonly<Record<string, KeySchema>> = controllerSchema.properties;

/** What the schema takes the value of a key for: `file`, `folder`, `place` and so on. */
function kindOf(key: string): string | undefined {
  return PROPERTIES[key]?.allOf?.[0]?.$ref.replace("#/$defs/", "");
}
