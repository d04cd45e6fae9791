import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf } from "../files/errno.ts";
import { replaceFile } from "../files/replace-file.ts";
import { describeEnd, type RunResult, runBounded } from "../process/run-bounded.ts";
import type { ServiceDefinition, ServiceManager } from "./service-definition.ts";
import { SERVICE_ERRORS, ServiceError } from "./service-error.ts";

/** What every definition of ours says of itself; others are not touched. */
const MARK = "Written by `fairlead-agent service install`";
const SECONDS = 120;
const MOST_OUTPUT = 64 * 1024;

/** Where services are put. */
export interface ServicePlace {
  /** The files of a machine that is not running, such as an image: nothing is started there. */
  readonly root?: string;
  readonly run?: (argv: readonly string[]) => Promise<RunResult>;
}

/** The manager of this machine. `undefined`: none that is known runs here. */
export function thisServiceManager(): ServiceManager | undefined {
  switch (process.platform) {
    case "linux":
      return existsSync("/run/systemd/system") ? "systemd" : undefined;
    case "darwin":
      return "launchd";
    case "win32":
      return "windows";
    default:
      return undefined;
  }
}

export function definitionPath({ path }: ServiceDefinition, { root }: ServicePlace): string {
  return root === undefined ? path : join(root, path);
}

/**
 * What is installed under the definition's name.
 *
 * @returns `undefined` where nothing is, or nothing of ours
 */
export function installedText(definition: ServiceDefinition, place: ServicePlace): string | undefined {
  try {
    const text = readFileSync(definitionPath(definition, place), "utf8");
    return text.includes(MARK) ? text : undefined;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw unwritable("read", definitionPath(definition, place), error);
  }
}

/**
 * Writes the definition and starts it. Repeated, it takes what changed.
 *
 * @throws ServiceError
 */
export async function installService(definition: ServiceDefinition, place: ServicePlace): Promise<void> {
  const path = definitionPath(definition, place);
  if (existsSync(path) && installedText(definition, place) === undefined) {
    throw new ServiceError("service/unwritable", `\`${path}\` is there, and another program wrote it`, {
      help: "give the service another name with --name, or remove that file",
    });
  }
  try {
    if (place.root !== undefined) mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, definition.text, 0o644);
  } catch (error) {
    throw unwritable("write", path, error);
  }
  if (place.root === undefined) await runAll(definition.start, place);
}

/**
 * Stops it and takes the definition away.
 *
 * @throws ServiceError `service/not-installed` where there is none of ours
 */
export async function removeService(definition: ServiceDefinition, place: ServicePlace): Promise<void> {
  const path = definitionPath(definition, place);
  if (installedText(definition, place) === undefined) {
    throw new ServiceError("service/not-installed", `\`${path}\` is not there, or not ours`, {
      help: SERVICE_ERRORS["service/not-installed"].remedy,
    });
  }
  if (place.root === undefined) {
    // One that does not run cannot be stopped, which is no reason to keep it, nor to leave out what comes next.
    for (const argv of definition.stop) await runAll([argv], place).catch(() => undefined);
  }
  try {
    rmSync(path);
  } catch (error) {
    throw unwritable("remove", path, error);
  }
  if (place.root === undefined) await runAll(definition.forget, place);
}

/** In one word, as the manager has it. */
export async function serviceState(definition: ServiceDefinition, place: ServicePlace): Promise<string> {
  const result = await runOne(definition.state, place);
  if (result.kind !== "exited") return "unknown";
  const [word = ""] = result.stdout.trim().split("\n");
  return word === "" || word.length > 40 ? (result.code === 0 ? "known" : "unknown") : word;
}

async function runAll(commands: readonly (readonly string[])[], place: ServicePlace): Promise<void> {
  for (const argv of commands) {
    const result = await runOne(argv, place);
    if (result.kind === "exited" && result.code === 0) continue;
    const said = "stderr" in result ? result.stderr.trim().split("\n")[0] : "";
    const how = result.kind === "exited" ? describeEnd(result) : result.kind;
    throw new ServiceError(
      "service/command-failed",
      `\`${argv.join(" ")}\`: ${how}${said ? `: ${said}` : ""}`,
      {
        help: SERVICE_ERRORS["service/command-failed"].remedy,
      },
    );
  }
}

function runOne(argv: readonly string[], { run = runHere }: ServicePlace): Promise<RunResult> {
  return run(argv);
}

function runHere(argv: readonly string[]): Promise<RunResult> {
  return runBounded({ argv, seconds: SECONDS, maxOutputBytes: MOST_OUTPUT, leftovers: "leave" });
}

function unwritable(doing: string, path: string, error: unknown): ServiceError {
  return new ServiceError("service/unwritable", `cannot ${doing} \`${path}\` (${errnoOf(error) ?? error})`, {
    help: SERVICE_ERRORS["service/unwritable"].remedy,
    cause: error,
  });
}
