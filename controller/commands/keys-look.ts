import { resolve } from "node:path";
import type { Command } from "commander";
import { describeKeys, type KeysReport } from "../keys/describe-keys.ts";
import { readKeyFolder } from "../keys/key-folder.ts";
import { describeStatus, type ExpiryReport, type StatusReport } from "../keys/key-status.ts";
import { locateState } from "../source/locate-state.ts";
import { readWorktreeState } from "../state/read-worktree-state.ts";
import type { TrustProblem } from "../trust/verify-trust.ts";
import { EXIT } from "./command-line.ts";
import {
  day,
  now,
  print,
  printJson,
  type StateOptions,
  withKeyFolder,
  withStateOptions,
} from "./keys-options.ts";

/** `keys status` and `keys show`. */
export function installLooking(keys: Command): void {
  withStateOptions(
    keys.command("status").description("what expires when, what to do, and what machines need to enrol"),
  )
    .addHelpText("after", `${EXIT_CODES}\n\nExamples:\n  fairlead keys status\n  fairlead keys status --json`)
    .action(runStatus);

  withKeyFolder(
    withStateOptions(keys.command("show").description("who may sign what, and which private keys are here")),
  )
    .addHelpText(
      "after",
      `${EXIT_CODES}\n\nExamples:\n  fairlead keys show\n  fairlead keys show --dir /media/ada`,
    )
    .action(runShow);
}

const EXIT_CODES = "\nExit code: 0 all is well, 1 something is wrong or expires soon, 2 wrong use.";

async function runStatus(options: StateOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const state = await readWorktreeState(root);
  const trust = state.trust();
  if (trust === undefined) {
    if (options.json === true) printJson({ signed: [], problems: [] });
    else print(NO_TRUST);
    process.exitCode = EXIT.refused;
    return;
  }
  const report = describeStatus(trust, state.productNames()[0], now());
  if (options.json === true) printJson(statusAsData(report));
  else print(renderStatus(report).join("\n"));
  const isWell = report.problems.length === 0 && report.signed.every(({ state }) => state === "good");
  if (!isWell) process.exitCode = EXIT.refused;
}

async function runShow(options: StateOptions & { readonly dir: string }): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const trust = (await readWorktreeState(root)).trust();
  const report = describeKeys(trust, readKeyFolder(resolve(options.dir)), now());
  if (options.json === true) printJson(report);
  else print([...(trust === undefined ? [NO_TRUST] : []), ...renderKeys(report)].join("\n"));
  if (report.problems.length > 0) process.exitCode = EXIT.refused;
}

const NO_TRUST = "there is no trust/ folder: make the first keys with `fairlead keys init`";

function statusAsData({ signed, ...rest }: StatusReport): object {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return {
    signed: signed.map((one) => ({
      ...one,
      expires: time(one.expires),
      signAgainFrom: time(one.signAgainFrom),
    })),
    ...rest,
  };
}

function renderStatus({ signed, roots, firstRootRetired, enroll, problems }: StatusReport): string[] {
  const lines = signed.flatMap(renderExpiry);
  lines.push(...renderProblems(problems));
  if (roots === undefined || enroll === undefined) return lines;
  const { first, newest } = roots;
  lines.push("", `root     ${first.file}  sha256 ${first.sha256}`);
  if (newest.file !== first.file) lines.push(`         ${newest.file}  sha256 ${newest.sha256}`);
  lines.push("", "a machine enrols with:", `  ${enroll}`);
  if (firstRootRetired) {
    lines.push("  (a root key of the first root is no longer trusted: hand out the newest root as a file)");
  }
  return lines;
}

function renderExpiry({ file, expires, signAgainFrom, state, command }: ExpiryReport): string[] {
  switch (state) {
    case "good":
      return [`good     ${file}: until ${day(expires)}; sign again from ${day(signAgainFrom)}: ${command}`];
    case "near-expiry":
      return [`soon     ${file}: expires on ${day(expires)}`, `  = help: ${command}`];
    case "expired":
      return [`expired  ${file}: on ${day(expires)}; no machine updates any more`, `  = help: ${command}`];
  }
}

function renderKeys({ holders, keyFiles, problems }: KeysReport): string[] {
  const lines: string[] = [];
  for (const { role, threshold, keys } of holders) {
    lines.push(`${role}: ${threshold} of ${keys.length} must sign`);
    for (const { keyid, holder } of keys)
      lines.push(`    ${keyid.slice(0, 16)}${holder === undefined ? "" : `  ${holder}`}`);
  }
  for (const { file, role, keyid, encrypted, trusted } of keyFiles) {
    const notes = [
      encrypted ? "encrypted" : "",
      trusted ? "" : "has no role in trust/: new, or retired",
    ].filter(Boolean);
    lines.push(
      `secret ${file}: ${role} ${keyid.slice(0, 16)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`,
    );
  }
  return [...lines, ...renderProblems(problems)];
}

function renderProblems(problems: readonly TrustProblem[]): string[] {
  return problems.flatMap(({ severity, file, message, help }) => [
    `${severity}: ${file}: ${message}`,
    `  = help: ${help}`,
  ]);
}
