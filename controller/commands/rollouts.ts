import { printable } from "../../protocol/printable.ts";
import { formatPpm } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { RolloutRecord } from "../fleet/store/records.ts";
import type { RolloutReport } from "../http/fleet-api/rollout-report.ts";
import type { CommandInstaller } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { printJson } from "./keys-options.ts";
import { printTable } from "./print-table.ts";

interface RolloutOptions extends ControllerOptions {
  readonly all?: true;
  readonly json?: true;
}

type Listed = Omit<RolloutRecord, "marks" | "countedFrom" | "judgement">;

const HELP = `
Examples:
  fairlead rollouts list
  fairlead rollouts show agent stable

Exit code: 0 all is well, 1 what is shown is halted or held, or nothing was reached, 2 wrong use.
${CONTROLLER_HELP}`;

/** `fairlead rollouts ...` */
export const addRolloutsCommand: CommandInstaller = (program) => {
  const rollouts = program
    .command("rollouts")
    .description("how versions spread, and what stops them")
    .addHelpText("after", HELP);
  addControllerOptions(rollouts.command("list").description("list the rollouts of all channels"))
    .option("--all", "also those that are done")
    .option("--json", "print as JSON")
    .action(runList);
  addControllerOptions(
    rollouts
      .command("show")
      .description("how the last promotion of a channel stands, how it fails, and what failed machines share")
      .argument("<product>", "the product")
      .argument("<channel>", "the channel"),
  )
    .option("--json", "print as JSON")
    .action(runShow);
};

async function runList({ all, json, ...options }: RolloutOptions): Promise<void> {
  const client = controllerClient(options);
  const { rollouts } = await client.get("/api/v1/rollouts", {}, isList);
  const shown = all === true ? rollouts : rollouts.filter(({ state }) => state !== "done");
  if (shown.some(needsLook)) process.exitCode = 1;
  if (json === true) {
    printJson(shown);
    return;
  }
  const head = ["PRODUCT", "CHANNEL", "VERSION", "STATE", "ALLOWED", "SINCE", "REASON"];
  const cells = shown.map(({ product, channel, version, state, allowed, since, reason }) => {
    return [product, channel, version, state, formatPpm(allowed), formatTime(since), reason];
  });
  process.stdout.write(printTable(head, cells));
}

async function runShow(
  product: string,
  channel: string,
  { json, ...options }: RolloutOptions,
): Promise<void> {
  const path = `/api/v1/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`;
  const report = await controllerClient(options).get(path, {}, isReport);
  if (needsLook(report)) process.exitCode = 1;
  if (json === true) printJson(report);
  else process.stdout.write(reportText(report));
}

function needsLook({ state }: Pick<RolloutRecord, "state">): boolean {
  return state === "halted" || state === "held";
}

function reportText(report: RolloutReport): string {
  const { product, channel, version, commit, state, reason, since, nextAt, allowed, devices, running } =
    report;
  const { tally, byPlatform, bySite, signatures, shared, marks, served } = report;
  const share = devices === 0 ? "" : ` (${formatPpm(Math.floor((running / devices) * 1_000_000))})`;
  const lines = [
    `${product} ${version} on ${channel}, promoted by ${commit.slice(0, 12)}`,
    `${state} since ${formatTime(since)}: ${reason}`,
    ...(nextAt === null ? [] : [`next at ${formatTime(nextAt)}`]),
    ...(served?.halted === undefined
      ? []
      : [`served as halted${by(served.halted.by)}: ${served.halted.reason}`]),
    ...(served?.paused === undefined ? [] : [`paused${reasonText(served.paused.reason)}`]),
    `allowed ${formatPpm(allowed)} of the channel, running on ${running} of ${devices}${share}`,
    `offered ${tally.offered}: ${outcomeText(tally)}`,
    ...shared.map(({ text }) => `share   ${text}`),
  ];
  const parts = [
    ...lines.map((line) => printable(line)),
    ...table(
      ["PLATFORM", ...COUNT_HEAD],
      byPlatform.map((row) => [row.platform, ...countCells(row)]),
    ),
    ...table(
      ["SITE", ...COUNT_HEAD],
      bySite.slice(0, MOST_SITES).map((row) => [siteName(row), ...countCells(row)]),
    ),
    ...table(
      ["MACHINES", "CAUSE", "MESSAGE"],
      signatures.map(({ devices: count, cause, signature }) => [String(count), cause, signature]),
    ),
    ...table(
      ["WHEN", "WHAT", ""],
      marks.map(({ at, kind, text }) => [formatTime(at), kind, text]),
    ),
  ];
  return `${parts.join("\n")}\n`;
}

const MOST_SITES = 20;
const COUNT_HEAD = ["OFFERED", "CONFIRMED", "FAILED", "EXCUSED", "SILENT"];

type Counts = RolloutReport["tally"];

function countCells({ offered, confirmed, failed, excused, silent }: Counts): string[] {
  return [offered, confirmed, failed, excused, silent].map(String);
}

function outcomeText({ confirmed, failed, excused, silent }: Counts): string {
  return `${confirmed} confirmed, ${failed} failed, ${excused} failed for a cause of the machine, ${silent} silent`;
}

function siteName({
  tenant,
  site,
}: {
  readonly tenant: string | null;
  readonly site: string | null;
}): string {
  return [tenant ?? "-", ...(site === null ? [] : [site])].join("/");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", printTable(head, rows).trimEnd()];
}

function by(who: "gate" | undefined): string {
  return who === undefined ? "" : ` by the ${who}`;
}

function reasonText(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

function isList(value: object): value is { readonly rollouts: readonly Listed[] } {
  return "rollouts" in value && Array.isArray(value.rollouts);
}

function isReport(value: object): value is RolloutReport {
  return "state" in value && "tally" in value && "marks" in value;
}
