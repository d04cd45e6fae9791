import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { parseDate } from "../../protocol/date.ts";
import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import { fetchInventory, fetchOverlays } from "../api-client/fetch-fleet.ts";
import { desiredState } from "../desired/desired-state.ts";
import type { Overlay } from "../desired/overlay.ts";
import { printPretty } from "../diagnostics/print-pretty.ts";
import { ExpectationError } from "../expectations/expectation-error.ts";
import { lookAtExpectations } from "../expectations/look-at-expectations.ts";
import { describeResults, listResults, summariseResults } from "../expectations/print-results.ts";
import { recordExpectations } from "../expectations/record-expectations.ts";
import { renderRecorded } from "../expectations/render-recorded.ts";
import { explainFileError } from "../files/system-error.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { readInventory } from "../inventory/read-inventory.ts";
import { commitSource, localSource } from "../source/state-source.ts";
import { type StateAt, stateAt } from "../validate/state-at.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { parseNow } from "./parse-now.ts";
import { type StateRepository, showFindings, withStateRepository } from "./state-repository.ts";

interface ExpectOptions extends ControllerOptions {
  readonly ref?: string;
  readonly base?: string;
  readonly inventory?: string;
  readonly at?: string;
  readonly json?: true;
  readonly root?: string;
  readonly record?: true;
  readonly product?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly group?: string;
  readonly device?: string;
  readonly platform?: string;
  readonly until?: string;
  readonly out?: string;
}

export const addExpectCommand: CommandInstaller = (program) => {
  const command = program
    .command("expect")
    .description("look at what the state expects of itself (expectations/), or record what it decides")
    .option("--ref <commit>", "the state of this commit instead of the files on disk")
    .option("--base <ref>", "as if merged into this now: what the change promotes is promoted now")
    .option("--inventory <file>", "the machines that there are (.json, .ndjson, .csv)")
    .option("--at <time>", "look as of this time (RFC 3339, or seconds since 1970)")
    .option("--json", "print as JSON")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent");
  addControllerOptions(command, true)
    .option("--record", "write what is decided for a scope as expectations: a new file")
    .option("--product <name>", "with --record: of this product")
    .option("--tenant <name>", "with --record: of this tenant")
    .option("--site <name>", "with --record: at this site of the tenant")
    .option("--group <name>", "with --record: in this group of the tenant")
    .option("--device <id>", "with --record: of this machine")
    .option("--platform <platform>", "with --record: on this platform")
    .option("--until <date>", "with --record: until when they hold; for good when absent")
    .option("--out <file>", "with --record: the file to write, - for standard output")
    .addHelpText(
      "after",
      `
Looked at is what each machine decides from now on, at the times at which that can change: now, where a wave or a window
opens, where a pause, a pin or a freeze ends, and where a freeze begins. Without --inventory or --controller one machine
stands for each scope that state names, once for each platform and each part of the waves. docs/expectations.md tells
more.

Exit code: 0 when every expectation holds, 1 when one is broken or the state has errors, 2 for wrong use.

Examples:
  fairlead expect
  fairlead expect --base origin/main --inventory fleet.csv
  fairlead expect --at 2027-12-24T18:00:00Z
  fairlead expect --record --tenant acme --until 2027-12-31

With --controller the machines are those that the running controller knows, and what its gates have halted counts.
${CONTROLLER_HELP}`,
    )
    .action((options: ExpectOptions, command: Command) => runExpect(options, command));
};

const SCOPE = ["product", "tenant", "site", "group", "device", "platform"] as const;
const OF_RECORD = [...SCOPE, "until", "out"] as const;

async function runExpect(options: ExpectOptions, command: Command): Promise<void> {
  const wrong = wrongUse(options);
  if (wrong !== undefined) return command.error(`error: ${wrong}`, { exitCode: EXIT.usage });
  const now = parseNow(options.at, command, "--at");
  const client = options.controller === undefined ? undefined : controllerClient(options);
  const overlays = client === undefined ? [] : await fetchOverlays(client);
  const inventory =
    client !== undefined
      ? await fetchInventory(client)
      : options.inventory === undefined
        ? undefined
        : await readInventory(options.inventory);
  await withStateRepository(options.root, async (place) => {
    const { repository, location } = place;
    const source = localSource(repository, location, options.ref, now);
    const state = await stateAt(source, { now });
    if (state.model === undefined) {
      showFindings(state, location.path, "nothing to look at", options.json === true);
      return;
    }
    const looked = { ...place, state, now, overlays, inventory };
    if (options.record === true) return record(looked, options);
    const base =
      options.base === undefined
        ? undefined
        : await stateAt(commitSource(repository, location.path, options.base), { now });
    return look(looked, base, options);
  });
}

/** What the options cannot mean together. */
function wrongUse(options: ExpectOptions): string | undefined {
  if (options.inventory !== undefined && options.controller !== undefined) {
    return "--inventory and --controller exclude each other";
  }
  const { record: records, tenant, site, group, until } = options;
  const stray = OF_RECORD.find((name) => options[name] !== undefined);
  if (records !== true && stray !== undefined) return `--${stray} goes with --record`;
  if (records === true && options.base !== undefined) return "--base does not go with --record";
  if (records === true && options.json === true) return "--json does not go with --record";
  if (tenant === undefined && (site ?? group) !== undefined) {
    return `--${site === undefined ? "group" : "site"} needs --tenant`;
  }
  try {
    if (until !== undefined) parseDate(until);
    return undefined;
  } catch {
    return `--until expects a date such as 2027-12-31, got \`${until}\``;
  }
}

interface LookedState extends StateRepository {
  readonly state: StateAt;
  readonly now: number;
  readonly overlays: readonly Overlay[];
  readonly inventory: readonly InventoryRecord[] | undefined;
}

function look(
  { state, now, location, overlays, inventory }: LookedState,
  base: StateAt | undefined,
  { json }: ExpectOptions,
): void {
  const pathPrefix = location.path === "" ? "" : `${location.path}/`;
  const { results, diagnostics } = lookAtExpectations(state, base, { now, inventory, pathPrefix, overlays });
  const isBroken = diagnostics.some(({ severity }) => severity === "error");
  process.exitCode = isBroken ? EXIT.refused : EXIT.ok;
  if (json === true) {
    const told = describeResults(results, diagnostics, pathPrefix);
    process.stdout.write(
      `${JSON.stringify({ commit: state.snapshot.commit, now, expectations: told }, undefined, 2)}\n`,
    );
    return;
  }
  const texts = new Map(state.snapshot.files.map((file) => [file.path, file.bytes]));
  const frames = printPretty(diagnostics, {
    textOf: (file) => texts.get(file)?.toString("utf8"),
    pathPrefix,
    colour: process.stdout.isTTY && process.env.NO_COLOR === undefined,
    toolVersion: "",
  });
  process.stdout.write(
    `${listResults(results, diagnostics, pathPrefix)}${frames === "" ? "" : `\n${frames}\n`}`,
  );
  process.stdout.write(`${summariseResults(results)}\n`);
}

function record({ state, now, location, overlays, inventory }: LookedState, options: ExpectOptions): void {
  if (state.model === undefined) return;
  const scope: ExpectedScopeState = Object.fromEntries(
    SCOPE.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const { until, out = join(location.root, "expectations", `${nameOf(scope)}.yaml`) } = options;
  const recorded = recordExpectations({
    state: desiredState(state.model, state.histories, now, overlays),
    scope,
    records: inventory,
    now,
    until: until === undefined ? undefined : parseDate(until),
  });
  const flags = Object.entries(scope).map(([name, value]) => ` --${name} ${value}`);
  const command = `fairlead expect --record${flags.join("")}${until === undefined ? "" : ` --until ${until}`}`;
  const text = renderRecorded({ recorded, command, commit: state.snapshot.commit, now, until });
  if (out === "-") {
    process.stdout.write(text);
    return;
  }
  const file = resolve(out);
  if (existsSync(file)) {
    throw new ExpectationError("expectation/file-exists", `\`${out}\` is there already`, {
      help: "name another file with --out, or print it with --out -",
    });
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw explainFileError(error, file, "written");
  }
  const shown = relative(process.cwd(), file);
  const count = recorded.length;
  process.stdout.write(`recorded ${count} expectation${count === 1 ? "" : "s"} in ${shown}\n`);
  process.stdout.write("take out what need not stay so, then: fairlead expect\n");
}

/** A name for the file, of what is recorded: the last parts say which of many it is. */
function nameOf(scope: ExpectedScopeState): string {
  const parts = [scope.tenant, scope.site, scope.group, scope.device, scope.product, scope.platform];
  const name = parts
    .filter((part) => part !== undefined)
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-");
  return basename(name === "" ? "fleet" : `of-${name}`).slice(0, 63);
}
