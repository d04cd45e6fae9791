import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type Ppm, parsePercent } from "../../protocol/share.ts";
import { ApiClient } from "../api-client/api-client.ts";
import { fetchInventory, fetchOverlays } from "../api-client/fetch-fleet.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { inventoryBatches } from "../inventory/read-inventory.ts";
import { computeStreamedPlan, type StreamedInventory } from "../plan/compute-plan.ts";
import { breaches, FAIL_CONDITIONS, type FailCondition, type PlanLimits } from "../plan/fail-on.ts";
import { plural } from "../plan/format-count.ts";
import type { Plan } from "../plan/plan.ts";
import { expectsSomething, plannedExpectations } from "../plan/planned-expectations.ts";
import { printPlanMarkdown } from "../plan/print-plan-markdown.ts";
import { printPlanText } from "../plan/print-plan-text.ts";
import { printRefusalMarkdown } from "../plan/print-refusal-markdown.ts";
import { readSides } from "../plan/read-sides.ts";
import { scopeRecords } from "../plan/scope-records.ts";
import { localSource } from "../source/state-source.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { parseNow } from "./parse-now.ts";
import { showFindings, withStateRepository } from "./state-repository.ts";

interface PlanOptions extends ControllerOptions {
  readonly base: string;
  readonly head?: string;
  readonly inventory?: string;
  readonly format: string;
  readonly json?: boolean;
  readonly failOn?: string;
  readonly maxBlast?: Ppm;
  readonly detailedExitcode?: boolean;
  readonly now?: string;
  readonly root?: string;
}

const FORMATS: Readonly<Record<string, (plan: Plan) => string>> = {
  text: printPlanText,
  json: (plan) => `${JSON.stringify(plan, undefined, 2)}\n`,
  markdown: printPlanMarkdown,
};

export const addPlanCommand: CommandInstaller = (program) => {
  const command = program
    .command("plan")
    .description("say what a change would do to the fleet, before it is merged")
    .option("--base <ref>", "what the change would be merged into", "origin/main")
    .option("--head <ref>", "the change; the work tree as it lies on disk when absent")
    .option(
      "--inventory <file>",
      "what the fleet runs (.json, .ndjson, .csv); the scopes of state when absent",
    )
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent");
  addControllerOptions(command, true)
    .option("--format <format>", `one of ${Object.keys(FORMATS).join(", ")}`, "text")
    .option("--json", "the same as --format json")
    .option("--fail-on <conditions>", `exit with 1 on any of ${FAIL_CONDITIONS.join(", ")} (comma-separated)`)
    .option(
      "--max-blast <percent>",
      "exit with 1 when the change concerns more than this share of the inventory: who moves, who no longer does, who does at another time",
      parseShare,
    )
    .option(
      "--detailed-exitcode",
      "exit with 2 when the change does something to a machine, with 0 when it does not",
    )
    .option("--now <time>", "plan as if merged at this time (RFC 3339, or seconds since 1970)")
    .addHelpText(
      "after",
      `
A ref is a branch (main, origin/main), HEAD, or a name in full: refs/tags/v1, or all 40 digits of a commit.
Exit code: 0 fine, 1 the change has errors, breaks an expectation of the state or a limit that was set, 2 wrong use.
With --detailed-exitcode, 2 also for a plan that is fine and moves, stops, retimes or strands somebody.

Examples:
  fairlead plan --base main
  fairlead plan --base origin/main --head HEAD --inventory fleet.csv --max-blast 5%
  fairlead plan --format markdown --fail-on refusals,downgrades
  fairlead plan --base origin/main --controller https://fairlead.acme.example --token-file token

An inventory has one record for each product on each machine: JSON, one JSON a line, or CSV with the names of the fields in
its first line (schemas/inventory.schema.json says which there are). Of each release a machine counts the artifacts of
its \`format\` (binary, archive, deb, ...); a record without one counts all of its platform's:
  device,platform,tenant,site,product,format,installed,facts.glibc
  d-7f3a,linux-x64,acme,berlin,agent,deb,1.4.1,2.36

With --controller the machines are those that the running controller knows, and what its gates have halted counts.
${CONTROLLER_HELP}`,
    )
    .action((options: PlanOptions, command: Command) => runPlan(options, command));
};

/** As other planners have it (`terraform plan -detailed-exitcode`). */
const CHANGES_SOMETHING = 2;

async function runPlan(options: PlanOptions, command: Command): Promise<void> {
  const format = options.json === true ? "json" : options.format;
  const print = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (print === undefined) {
    return command.error(`error: unknown format \`${format}\`, expected ${Object.keys(FORMATS).join(", ")}`, {
      exitCode: EXIT.usage,
    });
  }
  if (options.inventory !== undefined && options.controller !== undefined) {
    return command.error("error: --inventory and --controller exclude each other", { exitCode: EXIT.usage });
  }
  const limits = readLimits(options, command);
  const now = parseNow(options.now, command);
  const client = options.controller === undefined ? undefined : controllerClient(options);
  const overlays = client === undefined ? [] : await fetchOverlays(client);

  await withStateRepository(options.root, async ({ repository, location }) => {
    const source = localSource(repository, location, options.head, now);
    const sides = await readSides({
      repository,
      path: location.path,
      base: options.base,
      head: { source, ref: options.head ?? "HEAD" },
      now,
      overlays,
    });
    const { before, after, head, models } = sides;
    if (after === undefined || models === undefined) {
      if (format === "markdown") {
        const prefix = location.path === "" ? "" : `${location.path}/`;
        process.stdout.write(printRefusalMarkdown(head.diagnostics, prefix));
      }
      showFindings(head, location.path, "no plan", format === "json");
      return;
    }
    const inventory = inventoryOf(client ?? options.inventory, before, after, now);
    // A machine has to be looked at again for what is expected of it; without expectations none is kept in memory.
    const kept = [models.before, models.after].some(expectsSomething)
      ? new KeptRecords(inventory.batches)
      : undefined;
    const batches = kept ?? inventory.batches;
    const computed = await withProgress((onProgress) =>
      computeStreamedPlan(before, after, { ...inventory, batches }, now, { onProgress }),
    );
    const expectations = plannedExpectations(
      { desired: before, model: models.before },
      { desired: after, model: models.after },
      { kind: inventory.kind, records: kept?.records ?? [] },
      now,
    );
    const plan = { ...computed, expectations };
    process.stdout.write(print(plan));
    const broken = breaches(plan, limits);
    const unexpected = plan.expectations.filter(({ kind }) => kind === "broken");
    if (unexpected.length > 0) {
      const what = plural(unexpected.length, "expectation");
      process.stderr.write(`error[plan/expectation]: the change breaks ${what} of the state\n`);
    }
    for (const breach of broken) process.stderr.write(`error[plan/limit]: ${breach}\n`);
    const doesSomething = plan.blast.touched > 0 || plan.openings.length > 0 || plan.stranded.length > 0;
    if (broken.length + unexpected.length > 0) process.exitCode = EXIT.refused;
    else process.exitCode = options.detailedExitcode === true && doesSomething ? CHANGES_SOMETHING : EXIT.ok;
  });
}

function readLimits({ failOn, maxBlast }: PlanOptions, command: Command): PlanLimits {
  const conditions = failOn === undefined ? [] : failOn.split(",").map((name) => name.trim());
  const unknown = conditions.find((name) => !(FAIL_CONDITIONS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const help = nearestOrListed(unknown, FAIL_CONDITIONS);
    command.error(`error: unknown condition \`${unknown}\`\n  = help: ${help}`, {
      exitCode: EXIT.usage,
    });
  }
  return {
    failOn: conditions as FailCondition[],
    ...(maxBlast === undefined ? {} : { maxBlast }),
  };
}

function parseShare(text: string): Ppm {
  try {
    return parsePercent(text);
  } catch {
    throw new InvalidArgumentError("expected a percentage from 0 to 100, such as 5% or 0.5%.");
  }
}

function inventoryOf(
  from: ApiClient | string | undefined,
  before: DesiredState,
  after: DesiredState,
  now: number,
): StreamedInventory {
  if (from instanceof ApiClient) {
    return { kind: "devices", name: from.address, batches: oneBatch(() => fetchInventory(from)) };
  }
  if (from !== undefined) {
    return { kind: "devices", name: basename(from), batches: inventoryBatches(from) };
  }
  const name = "the scopes that state names; give --inventory or --controller for devices";
  return { kind: "scopes", name, batches: oneBatch(() => scopeRecords(before, after, now)) };
}

/** Batches on their way, and what has come by. */
class KeptRecords implements AsyncIterable<readonly InventoryRecord[]> {
  readonly records: InventoryRecord[] = [];
  private readonly batches: StreamedInventory["batches"];

  constructor(batches: StreamedInventory["batches"]) {
    this.batches = batches;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly InventoryRecord[]> {
    for await (const batch of this.batches) {
      for (const record of batch) this.records.push(record);
      yield batch;
    }
  }
}

async function* oneBatch<T>(all: () => T | Promise<T>): AsyncGenerator<T> {
  yield await all();
}

/** From how many devices on a count is shown. */
const LONG = 5000;

/** Counts on a terminal while `task` runs; nothing when the output is read by a program. */
async function withProgress<T>(task: (onProgress: (done: number) => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return task(() => {});
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({ format: "planning: {value} devices", clearOnComplete: true });
  let isShown = false;
  try {
    return await task((done) => {
      if (done >= LONG && !isShown) bar.start(0, done);
      isShown ||= done >= LONG;
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}
