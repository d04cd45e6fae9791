import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { type Ppm, parsePercent } from "../../protocol/share.ts";
import { type DesiredProduct, desiredState } from "../desired/desired-state.ts";
import { explainFileError } from "../files/system-error.ts";
import { readInventory } from "../inventory/read-inventory.ts";
import { printChart } from "../simulate/print-chart.ts";
import { printRuns } from "../simulate/print-runs.ts";
import { printSummary } from "../simulate/print-summary.ts";
import { printSvg } from "../simulate/print-svg.ts";
import { SimulateError } from "../simulate/simulate-error.ts";
import { simulateRollout } from "../simulate/simulate-rollout.ts";
import { type RunsRequest, type RunsResult, simulateRuns } from "../simulate/simulate-runs.ts";
import type { SimulatedMachine, SimulationRequest, SimulationResult } from "../simulate/simulation.ts";
import { localSource } from "../source/state-source.ts";
import { stateAt } from "../validate/state-at.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";
import { parseNow } from "./parse-now.ts";
import { showFindings, withStateRepository } from "./state-repository.ts";
import { terminalLook } from "./terminal-look.ts";

interface SimulateOptions {
  readonly channel: string;
  readonly version: string;
  readonly agents: number;
  readonly inventory?: string;
  readonly product?: string;
  readonly failureRate: ReadonlyMap<string, Ppm>;
  readonly goodRate?: Ppm;
  readonly silent: Ppm;
  readonly runs?: number;
  readonly offline: Ppm;
  readonly until: number;
  readonly seed: number;
  readonly format?: Format;
  readonly json?: boolean;
  readonly out?: string;
  readonly now?: string;
  readonly root?: string;
}

const FORMATS = ["chart", "json", "svg"] as const;
type Format = (typeof FORMATS)[number];

/** Seconds between the polls of an agent that nobody told otherwise. */
const DEFAULT_POLL_INTERVAL = 300;
const DAY = 86_400;

export const addSimulateCommand: CommandInstaller = (program) => {
  program
    .command("simulate")
    .description("run a promotion through a simulated fleet: adoption, halt, load, and why not everybody")
    .requiredOption("--channel <name>", "the channel that promotes")
    .requiredOption("--version <version>", "the version that it promotes")
    .addOption(new Option("--agents <count>", "how many devices").argParser(parseWhole).default(10_000))
    .option(
      "--inventory <file>",
      "take platforms, formats and facts of the devices from these records, in turn",
    )
    .option("--product <name>", "which product, where state has several")
    .addOption(
      new Option(
        "--failure-rate <[platform=]percent>",
        "on how many devices the version fails; may be repeated",
      )
        .argParser(addFailureRate)
        .default(new Map(), "0%"),
    )
    .addOption(
      new Option("--silent <percent>", "of how many of the failures nobody is told: the devices are gone")
        .argParser(parseShare)
        .default(0, "0%"),
    )
    .addOption(
      new Option("--offline <percent>", "how many devices are away at first and come back at a random time")
        .argParser(parseShare)
        .default(0, "0%"),
    )
    .addOption(
      new Option("--until <duration>", "how long to look").argParser(parseSpan).default(7 * DAY, "7d"),
    )
    .addOption(
      new Option("--seed <number>", "the same seed gives the same run").argParser(parseWhole).default(1),
    )
    .option(
      "--runs <count>",
      "run it many times, for a good version and for bad ones: what the gate does",
      parseWhole,
    )
    .option(
      "--good-rate <percent>",
      "with --runs, on how many devices a good version fails; the limit of the gate when absent",
      parseShare,
    )
    .addOption(
      new Option(
        "--format <format>",
        "how to print it; by the name of --out when absent, else chart",
      ).choices(FORMATS),
    )
    .option("--json", "the same as --format json")
    .option(
      "--out <file>",
      "write there instead of to the terminal: a name that ends in .svg or .json says how",
    )
    .option("--now <time>", "promote at this time (RFC 3339, or seconds since 1970): windows depend on it")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .addHelpText(
      "after",
      `
The fleet asks the real decision function and the real gate. Waves, canaries, gate, windows, freezes and pauses are
those of the work tree; devices belong to no tenant, and are spread evenly over the platforms of the version, or over
the records of an inventory.

The chart has the share of the fleet that may have the version as a line over the share that adopted it, and says why
the others did not. It is as wide as the terminal, or 80 columns; without a UTF-8 locale it is ASCII.

With --runs a good version and bad ones are rolled out as many times each: how often the gate halts the good one, and
how many machines a bad one reaches. Bad is what --failure-rate says, else five times the limit, everywhere and on
each platform alone.

Examples:
  fairlead simulate --channel stable --version 1.4.2 --agents 100000 --failure-rate linux-arm64=5% --offline 20%
  fairlead simulate --channel stable --version 1.4.2 --until 3d --out rollout.svg
  fairlead simulate --channel stable --version 1.4.2 --runs 200`,
    )
    .action((options: SimulateOptions, command: Command) => runSimulate(options, command));
};

async function runSimulate(options: SimulateOptions, command: Command): Promise<void> {
  const usage = (message: string): never => command.error(`error: ${message}`, { exitCode: EXIT.usage });
  const format = options.json === true ? "json" : (options.format ?? formatOf(options.out));
  const { runs, goodRate } = options;
  if (runs !== undefined && format === "svg") usage("--runs has no svg");
  if (runs === undefined && goodRate !== undefined) usage("--good-rate goes with --runs");
  const now = parseNow(options.now, command);
  requireFolder(options.out);

  await withStateRepository(options.root, async ({ repository, location }) => {
    const read = await stateAt(localSource(repository, location, undefined, now), { now });
    if (read.model === undefined) {
      showFindings(read, location.path, "nothing to simulate", format === "json");
      return;
    }
    const { products } = desiredState(read.model, read.histories, now);
    const name = options.product ?? (products.size === 1 ? [...products.keys()][0] : undefined);
    const product = name === undefined ? undefined : products.get(name);
    if (product === undefined) {
      const asked =
        name === undefined ? "state has more than one product, or none" : `no product \`${name}\``;
      throw new SimulateError("simulate/unknown-product", asked, {
        help: `name one with --product: ${[...products.keys()].join(", ")}`,
      });
    }
    const machines =
      options.inventory === undefined ? undefined : await machinesOf(options.inventory, product);
    const request: SimulationRequest = {
      ...(machines === undefined ? {} : { machines }),
      product: product.policy,
      releases: product.releases,
      channel: options.channel,
      version: options.version,
      agents: options.agents,
      failureRates: options.failureRate,
      silent: options.silent,
      offline: options.offline,
      until: options.until,
      pollInterval: product.policy.fleet.checkInterval || DEFAULT_POLL_INTERVAL,
      seed: options.seed,
      startsAt: now,
    };
    let text: string;
    if (runs === undefined) {
      text = print(simulateRollout(request), format, options.out);
    } else {
      const result = await runMany({ ...request, runs, ...(goodRate === undefined ? {} : { goodRate }) });
      if (result === "interrupted") {
        process.exitCode = EXIT.interrupted;
        return;
      }
      text = format === "json" ? printJson(result) : printRuns(result);
    }
    if (options.out === undefined) process.stdout.write(text);
    else await writeResult(options.out, text);
  });
}

/** Told before anything is simulated: many runs take long. */
function requireFolder(out: string | undefined): void {
  if (out === undefined || existsSync(dirname(out))) return;
  throw new SimulateError("simulate/no-folder", `there is no folder \`${dirname(out)}\` for \`${out}\``, {
    help: "make the folder, or name another file with --out",
  });
}

async function writeResult(out: string, text: string): Promise<void> {
  try {
    await writeFile(out, text);
  } catch (error) {
    throw explainFileError(error, out, "written");
  }
}

function formatOf(out = ""): Format {
  const ending = extname(out).slice(1).toLowerCase();
  return FORMATS.find((format) => format === ending) ?? "chart";
}

function print(result: SimulationResult, format: Format, out: string | undefined): string {
  if (format === "json") return printJson(result);
  if (format === "svg") return printSvg(result);
  const look = terminalLook(out === undefined ? process.stdout : {});
  return `${printSummary(result, look.columns)}\n${printChart(result, look)}`;
}

function printJson(result: SimulationResult | RunsResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** Runs all, with a bar on a terminal. Ctrl-C ends it after the run that is under way; a second one ends it at once. */
async function runMany(request: RunsRequest): Promise<RunsResult | "interrupted"> {
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: "simulating {bar} {value}/{total} runs, {eta}s left", clearOnComplete: true })
    : undefined;
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once("SIGINT", interrupt);
  try {
    const work = simulateRuns(request);
    for (;;) {
      const next = work.next();
      if (next.done === true) return next.value;
      const { done, total } = next.value;
      if (done === 1) bar?.start(total, done);
      else bar?.update(done);
      // Signals are heard between two runs.
      await setImmediate();
      if (isInterrupted) {
        bar?.stop();
        process.stderr.write(`interrupted after ${done} of ${total} runs: nothing was written\n`);
        return "interrupted";
      }
    }
  } finally {
    bar?.stop();
    process.off("SIGINT", interrupt);
  }
}

async function machinesOf(inventory: string, { policy }: DesiredProduct): Promise<SimulatedMachine[]> {
  const records = await readInventory(inventory);
  const machines = records
    .filter((record) => record.product === policy.product)
    .map(({ platform, format, facts }) => ({
      platform,
      ...(format === undefined ? {} : { format }),
      ...(facts === undefined ? {} : { facts }),
    }));
  if (machines.length > 0) return machines;
  throw new SimulateError("simulate/no-machines", `the inventory has no record of \`${policy.product}\``, {
    help: "give one with records of the product, or none",
  });
}

/** `linux-arm64=5%`, or `5%` for every platform that is not named. */
function addFailureRate(text: string, before: ReadonlyMap<string, Ppm>): ReadonlyMap<string, Ppm> {
  const equals = text.indexOf("=");
  const platform = equals === -1 ? "*" : text.slice(0, equals);
  return new Map([...before, [platform, parseShare(text.slice(equals + 1))]]);
}

function parseShare(text: string): Ppm {
  try {
    return parsePercent(text);
  } catch {
    throw new InvalidArgumentError("expected a percentage from 0 to 100 such as 2% or 0.5%.");
  }
}

function parseSpan(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("expected a duration such as 90s, 15m, 4h or 2d.");
  }
}

function parseWhole(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number.");
}
