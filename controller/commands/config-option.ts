import { type Command, InvalidArgumentError, type Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { printPretty } from "../diagnostics/print-pretty.ts";
import {
  type CheckValue,
  type ConfigSections,
  type ConfigValue,
  type ReadConfig,
  readConfigFile,
} from "../serve/config-file.ts";
import { ServeError } from "../serve/serve-error.ts";

/** Flags that a person gives to be obeyed, by the key of the file that would otherwise go before them. */
const REPLACED_BY: Readonly<Record<string, readonly string[]>> = { listen: ["host", "port"] };

/**
 * Takes what the file of `--config` says for every option that neither a flag nor the environment has set. What is wrong
 * with the file goes to standard error, place by place.
 *
 * @returns what has no flag
 * @throws ServeError `serve/bad-config`, `serve/bad-file`
 */
export function applyConfigFile(command: Command, file: string): ConfigSections {
  const options = new Map(command.options.map((option) => [option.attributeName(), option]));
  const parsed = new Map<string, unknown>();
  const read = readConfigOrExplain(file, (key, value) => {
    const option = options.get(key);
    try {
      if (option !== undefined) parsed.set(key, parse(option, value));
      return undefined;
    } catch (error) {
      if (error instanceof InvalidArgumentError) return error.message;
      throw error;
    }
  });
  const isSet = (key: string): boolean => ["cli", "env"].includes(command.getOptionValueSource(key) ?? "");
  const isOnCommandLine = (key: string): boolean => command.getOptionValueSource(key) === "cli";
  for (const [key, value] of read.values) {
    if (isSet(key) || (REPLACED_BY[key] ?? []).some(isOnCommandLine)) continue;
    if (value === false) continue;
    // Of what is parsed the parsed value; of a file or a folder the absolute one.
    const option = options.get(key);
    command.setOptionValueWithSource(key, option?.parseArg === undefined ? value : parsed.get(key), "config");
  }
  return read.sections;
}

/**
 * Reads the file, and says on standard error what is wrong with it, place by place.
 *
 * @throws ServeError `serve/bad-config`, `serve/bad-file`
 */
export function readConfigOrExplain(file: string, check: CheckValue): Extract<ReadConfig, { ok: true }> {
  const read = readConfigFile(file, check);
  if (read.ok) return read;
  const shown = {
    textOf: () => read.text,
    pathPrefix: "",
    colour: process.stderr.isTTY && process.env.NO_COLOR === undefined,
    toolVersion: packageJson.version,
  };
  process.stderr.write(`${printPretty(read.diagnostics, shown)}\n`);
  const count = read.diagnostics.length;
  throw new ServeError(
    "serve/bad-config",
    `\`${file}\` has ${count === 1 ? "a mistake" : `${count} mistakes`}`,
    {
      help: "correct it; schemas/controller.schema.json says what each key takes",
    },
  );
}

function parse(option: Option, value: ConfigValue): unknown {
  const { parseArg } = option;
  return parseArg === undefined || typeof value === "object" || typeof value === "boolean"
    ? value
    : parseArg.call(option, String(value), undefined);
}
