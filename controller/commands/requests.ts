import { InvalidArgumentError } from "commander";
import { formatDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import type { RequestRecord } from "../fleet/store/records.ts";
import type { CommandInstaller } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { print, printJson } from "./keys-options.ts";
import { ago, printTable } from "./print-table.ts";

interface ListOptions extends ControllerOptions {
  readonly device?: string;
  readonly tenant?: string;
  readonly all?: true;
  readonly json?: true;
}

const HELP = `
A request waits up to 28 days for a machine that is offline, and is told again with each check-in until the machine says
what became of it. \`fairlead agents update|rollback|look\` makes one.

Examples:
  fairlead requests list
  fairlead requests list --all --device d-7f3a90c1
  fairlead requests cancel 5c0e3fb2a7d94e18b6c1f0a2d3948576

Exit code: 0 done, 1 refused or not reached, 2 wrong use.
${CONTROLLER_HELP}`;

/** `fairlead requests ...` */
export const addRequestsCommand: CommandInstaller = (program) => {
  const requests = program
    .command("requests")
    .description("what was asked of single machines, and what became of it")
    .addHelpText("after", HELP);
  addControllerOptions(requests.command("list").description("list the requests that wait, newest first"))
    .option("--device <id>", "to this machine")
    .option("--tenant <name>", "to machines of this tenant")
    .option("--all", "also those that have ended")
    .option("--json", "print as JSON")
    .action(runList);
  addControllerOptions(
    requests
      .command("cancel")
      .description("cancel a request; a machine that was told of it may do it all the same")
      .argument("<id>", "the request, as the list names it", parseRequestId),
  )
    .option("--json", "print as JSON")
    .action(async (id: string, { json, ...options }: ListOptions) => {
      const answer = await controllerClient(options).send("DELETE", `/api/v1/requests/${id}`);
      if (json === true) printJson(answer);
      else print(`${id} is cancelled`);
    });
};

async function runList({ device, tenant, all, json, ...options }: ListOptions): Promise<void> {
  const query = { device, tenant, open: all === true ? undefined : true };
  const rows: RequestRecord[] = [];
  const client = controllerClient(options);
  for await (const row of client.rows<RequestRecord>("/api/v1/requests", "requests", query, MOST))
    rows.push(row);
  if (json === true) {
    printJson(rows);
    return;
  }
  const now = Math.floor(Date.now() / 1000);
  const head = ["ID", "MACHINE", "ASKED", "BY", "WHAT", "STATE"];
  const cells = rows.map((row) => [
    row.id,
    row.device,
    ago(row.askedAt, now),
    row.askedBy,
    row.product === undefined ? row.kind : `${row.kind} ${row.product}`,
    standing(row, now),
  ]);
  process.stdout.write(printTable(head, cells));
}

/** A year of one large fleet; what is older is found by device. */
const MOST = 10_000;

/** What became of a request, as one line. */
export function describeRequest(request: RequestRecord, now: number): string {
  const what = request.product === undefined ? request.kind : `${request.kind} of ${request.product}`;
  return printable(`${what} is asked of ${request.device} (${request.id}): ${standing(request, now)}`);
}

function standing({ result, text, deliveries, expiresAt, deliveredAt }: RequestRecord, now: number): string {
  if (result !== null) return text === null || text === "" ? result : `${result}: ${text}`;
  const left = `for ${formatDuration(Math.max(0, expiresAt - now))} more`;
  if (deliveries === 0) return `waits for its next check-in, ${left}`;
  return `told ${ago(deliveredAt, now)}, waits for what became of it, ${left}`;
}

function parseRequestId(text: string): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  throw new InvalidArgumentError("a request has 32 hexadecimal digits.");
}
