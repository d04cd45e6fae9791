import { basename } from "node:path";
import type { Command } from "commander";
import { printJson } from "../diagnostics/print-json.ts";
import { printPretty } from "../diagnostics/print-pretty.ts";
import type { PrintOptions } from "../diagnostics/printer.ts";
import { type CommittedEdit, commitEdit, type Destination } from "../edit/commit-edit.ts";
import { branchFor, type Edit, type EditBuilder } from "../edit/edit.ts";
import { EditError } from "../edit/edit-error.ts";
import type { JudgeOptions } from "../edit/judge-edit.ts";
import { type PreparedEdit, prepareEdit } from "../edit/prepare-edit.ts";
import { diffsOf } from "../edit/unified-diff.ts";
import { readInventory } from "../inventory/read-inventory.ts";
import { printPlanText } from "../plan/print-plan-text.ts";
import { locateState } from "../source/locate-state.ts";
import { colourDiff, isColoured } from "./colour.ts";
import { EXIT } from "./command-line.ts";

/** What every command that changes state can be told. */
export interface EditOptions {
  readonly root?: string;
  readonly dryRun?: boolean;
  /** `true`: a branch named after the change. */
  readonly branch?: string | true;
  readonly push?: boolean;
  readonly pr?: boolean;
  readonly json?: boolean;
  readonly inventory?: string;
}

/** Adds the options of {@link EditOptions} to a command. */
export function withEditOptions(command: Command): Command {
  return command
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--dry-run", "show the diff and what it means, change nothing")
    .option("--branch [name]", "commit on a new branch; without a name, one named after the change")
    .option("--push", "push the commit, and with --branch print where to open the request")
    .option("--pr", "like --branch --push, and open the pull or merge request with `gh` or `glab`")
    .option("--inventory <file>", "what the fleet runs (.json, .ndjson, .csv), for the plan")
    .option("--json", "print what was done as JSON");
}

/** What became of one change. */
export interface PerformedEdit {
  readonly prepared: PreparedEdit;
  /** Absent: a dry run, a result that does not check, or nothing to change. */
  readonly committed: CommittedEdit | undefined;
}

/**
 * Runs one change from the command line to the commit: shows what it is and what it means, refuses a result that does
 * not check, and then commits it, proposes it on a branch, or with `--dry-run` leaves it at that.
 *
 * @throws EditError, SourceError, StateLocationError, InventoryError
 */
export async function runEdit(command: Command, options: EditOptions, build: EditBuilder): Promise<void> {
  const isForPeople = options.json !== true;
  const performed = await performEdit(command, options, build, (prepared) => {
    if (isForPeople) process.stdout.write(describe(prepared));
  });
  process.stdout.write(
    isForPeople ? conclude(performed, options) : `${JSON.stringify(reportOf(performed), undefined, 2)}\n`,
  );
}

/** {@link runEdit} without printing. `show` is called before anything is written. */
export async function performEdit(
  command: Command,
  options: EditOptions,
  build: EditBuilder,
  show: (prepared: PreparedEdit) => void,
): Promise<PerformedEdit> {
  const location = locateState(process.cwd(), options.root);
  const inventory = await inventoryOf(options);
  const now = Math.floor(Date.now() / 1000);
  const prepared = await asUsage(command, () => prepareEdit(location, build, { now, inventory }));
  show(prepared);
  const isUnchanged = prepared.edit.changes.length === 0;
  if (!isUnchanged && !prepared.isValid) process.exitCode = EXIT.refused;
  const isApplied = !isUnchanged && prepared.isValid && options.dryRun !== true;
  const committed = isApplied ? await commitEdit(prepared, destinationOf(options, prepared.edit)) : undefined;
  return { prepared, committed };
}

/** What the fleet runs, from the file that `--inventory` names. @throws InventoryError */
export async function inventoryOf({ inventory }: EditOptions): Promise<JudgeOptions["inventory"]> {
  if (inventory === undefined) return undefined;
  return { name: basename(inventory), records: await readInventory(inventory) };
}

/** An `edit/bad-argument` is wrong use of the command, not a refusal. */
async function asUsage<T>(command: Command, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof EditError) || error.code !== "edit/bad-argument") throw error;
    const help = error.help === undefined ? "" : `\n  = help: ${error.help}`;
    return command.error(`error[${error.code}]: ${error.message}${help}`, { exitCode: EXIT.usage });
  }
}

function destinationOf({ branch, push, pr }: EditOptions, { subject }: Edit): Destination {
  const isProposed = branch === true || pr === true;
  const name = typeof branch === "string" ? branch : isProposed ? branchFor(subject) : undefined;
  return {
    ...(name === undefined ? {} : { branch: name }),
    push: push === true || pr === true,
    request: pr === true,
  };
}

function describe(prepared: PreparedEdit): string {
  const { edit, diagnostics, plan } = prepared;
  const notices = edit.notices.map((notice) => `  ${notice}\n`).join("");
  const paint = isColoured(process.stdout) ? colourDiff : (diff: string) => diff;
  const diffs = diffsOf(edit.changes)
    .map(({ diff }) => `\n${paint(diff)}`)
    .join("");
  const findings = diagnostics.length === 0 ? "" : `\n${printPretty(diagnostics, printOptions(prepared))}`;
  const planned = plan === undefined ? "" : `\n${printPlanText(plan)}`;
  return `${edit.subject}\n${notices}${diffs}${findings}${planned}`;
}

function printOptions({ textOf, location }: PreparedEdit): PrintOptions {
  return {
    textOf,
    pathPrefix: location.path === "" ? "" : `${location.path}/`,
    colour: isColoured(process.stdout),
    toolVersion: "",
  };
}

function conclude({ prepared, committed }: PerformedEdit, options: EditOptions): string {
  if (prepared.edit.changes.length === 0) return "nothing to change\n";
  if (!prepared.isValid) return "\nrefused: the result has errors, nothing was changed\n";
  if (committed === undefined) return options.dryRun === true ? "\ndry run: nothing was changed\n" : "";
  const lines = [`committed ${committed.commit.slice(0, 12)} on ${committed.branch}`];
  if (committed.branch !== prepared.branch) lines.push(`${prepared.branch} is still checked out`);
  if (committed.pushedTo !== undefined) lines.push(`pushed ${committed.branch} to ${committed.pushedTo}`);
  if (committed.request !== undefined) {
    lines.push(`${committed.request.opened ? "opened" : "open the request at"} ${committed.request.url}`);
  } else if (committed.pushedTo !== undefined && committed.branch !== prepared.branch) {
    lines.push(`open a request to merge ${committed.branch} into ${prepared.branch}`);
  }
  return `\n${lines.join("\n")}\n`;
}

/** What `--json` prints. */
export function reportOf({ prepared, committed }: PerformedEdit): object {
  const { edit, diagnostics, isValid, plan } = prepared;
  return {
    subject: edit.subject,
    reason: edit.reason,
    notices: edit.notices,
    changes: diffsOf(edit.changes),
    valid: isValid,
    diagnostics: JSON.parse(printJson(diagnostics, printOptions(prepared))).diagnostics,
    plan,
    committed,
  };
}
