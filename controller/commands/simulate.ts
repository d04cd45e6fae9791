import { writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { type Ppm, parsePercent } from "../../protocol/share.ts";
import { type DesiredProduct, desiredState } from "../desired/desired-state.ts";
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

interface SimulateOptions {
  readonly channel: string;
  readonly version: string;
  readonly agents: string;
  readonly inventory?: string;
  readonly product?: string;
  readonly failureRate: readonly string[];
  readonly goodRate?: string;
  readonly silent: string;
  readonly runs?: string;
  readonly offline: string;
  readonly until: string;
  readonly seed: string;
  readonly format: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly now?: string;
  readonly root?: string;
}

const FORMATS: Readonly<Record<string, (result: SimulationResult) => string>> = {
  chart: (result) => `${printSummary(result)}\n${printChart(result)}`,
  json: (result) => `${JSON.stringify(result, undefined, 2)}\n`,
  svg: printSvg,
};

/** Seconds between the polls of an agent that nobody told otherwise. */
const DEFAULT_POLL_INTERVAL = 300;

export const addSimulateCommand: CommandInstaller = (program) => {
  program
    .command("simulate")
    .description("run a promotion through a simulated fleet: adoption, halt, load")
    .requiredOption("--channel <name>", "the channel that promotes")
    .requiredOption("--version <version>", "the version that it promotes")
    .option("--agents <count>", "how many devices", "10000")
    .option(
      "--inventory <file>",
      "take platforms, formats and facts of the devices from these records, in turn",
    )
    .option("--product <name>", "which product, where state has several")
    .option(
      "--failure-rate <[platform=]percent>",
      "on how many devices the version fails; may be repeated",
      (value: string, all: readonly string[]) => [...all, value],
      [] as readonly string[],
    )
    .option("--silent <percent>", "of how many of the failures nobody is told: the devices are gone", "0%")
    .option("--offline <percent>", "how many devices are away at first and come back at a random time", "0%")
    .option("--until <duration>", "how long to look", "7d")
    .option("--seed <number>", "the same seed gives the same run", "1")
    .option("--runs <count>", "run it many times, for a good version and for bad ones: what the gate does")
    .option(
      "--good-rate <percent>",
      "with --runs, on how many devices a good version fails; the limit of the gate when absent",
    )
    .option("--format <format>", `one of ${Object.keys(FORMATS).join(", ")}`, "chart")
    .option("--json", "the same as --format json")
    .option("--out <file>", "write there instead of to the terminal")
    .option("--now <time>", "promote at this time (RFC 3339, or seconds since 1970): windows depend on it")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .addHelpText(
      "after",
      `
The fleet asks the real decision function and the real gate. Waves, canaries, gate and windows are those of the work
tree; devices belong to no tenant, and are spread evenly over the platforms of the version, or over the records of an
inventory. In a real fleet devices do not
report yet, so there a halt is written by hand.

With --runs a good version and bad ones are rolled out as many times each: how often the gate halts the good one, and
how many machines a bad one reaches. Bad is what --failure-rate says, else five times the limit, everywhere and on
each platform alone.

Examples:
  fairlead simulate --channel stable --version 1.4.2 --agents 100000 --failure-rate linux-arm64=5% --offline 20%
  fairlead simulate --channel stable --version 1.4.2 --runs 200`,
    )
    .action((options: SimulateOptions, command: Command) => runSimulate(options, command));
};

async function runSimulate(options: SimulateOptions, command: Command): Promise<void> {
  const usage = (message: string): never => command.error(`error: ${message}`, { exitCode: EXIT.usage });
  const format = options.json === true ? "json" : options.format;
  const print = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (print === undefined) {
    return usage(`unknown format \`${format}\`, expected ${Object.keys(FORMATS).join(", ")}`);
  }
  const agents = wholeNumber(options.agents) ?? usage(`--agents expects a number, got \`${options.agents}\``);
  const seed = wholeNumber(options.seed) ?? usage(`--seed expects a whole number, got \`${options.seed}\``);
  const failureRates = new Map(options.failureRate.map(parseFailureRate));
  const runs = optional(options.runs, (text) => {
    if (format === "svg") usage("--runs has no svg");
    return wholeNumber(text) ?? usage(`--runs expects a number, got \`${text}\``);
  });
  if (runs === undefined && options.goodRate !== undefined) usage("--good-rate goes with --runs");
  const goodRate = optional(options.goodRate, parsePercent);
  const silent = parsePercent(options.silent);
  const offline = parsePercent(options.offline);
  const until = parseDuration(options.until);
  const now = parseNow(options.now, command);

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
      agents,
      failureRates,
      silent,
      offline,
      until,
      pollInterval: product.policy.fleet.checkInterval || DEFAULT_POLL_INTERVAL,
      seed,
      startsAt: now,
    };
    let text: string;
    if (runs === undefined) {
      text = print(simulateRollout(request));
    } else {
      const result = await runMany({ ...request, runs, ...(goodRate === undefined ? {} : { goodRate }) });
      if (result === "interrupted") {
        process.exitCode = EXIT.interrupted;
        return;
      }
      text = format === "json" ? `${JSON.stringify(result, undefined, 2)}\n` : printRuns(result);
    }
    if (options.out === undefined) process.stdout.write(text);
    else await writeFile(options.out, text);
  });
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
      if (isInterrupted) return "interrupted";
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

function optional<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value);
}

/** `linux-arm64=5%`, or `5%` for every platform that is not named. */
function parseFailureRate(text: string): [string, Ppm] {
  const [platform, percent] = text.includes("=")
    ? [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]
    : ["*", text];
  return [platform, parsePercent(percent)];
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
