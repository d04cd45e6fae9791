import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { ApiClient } from "../api-client/api-client.ts";
import type { AuditRecord } from "../fleet/store/records.ts";
import { parseLimit } from "./agents.ts";
import type { CommandInstaller } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";

interface AuditOptions extends ControllerOptions {
  readonly limit: number;
  readonly follow?: true;
  readonly json?: true;
}

/** As it is answered: `sequence` is for those who may see all tenants. */
type Entry = Omit<AuditRecord, "sequence"> & { readonly id: string; readonly sequence?: number };

const POLL_MS = 2_000;
/** Entries between two looks; of more, the oldest are left out and that is said. */
const MOST_BETWEEN = 10_000;

export const addAuditCommand: CommandInstaller = (program) => {
  const command = program.command("audit").description("who has changed what at a running controller");
  addControllerOptions(command)
    .option("--limit <number>", "how many entries, the newest", parseLimit, 50)
    .option("--follow", "go on with new ones as they come")
    .option("--json", "print one JSON object a line, with what was before and after")
    .addHelpText(
      "after",
      `
Changes of what should run are commits: see \`fairlead history\`. Here is what machines were asked for, who was let in, and
which tokens were made. For the role operator and above.

Examples:
  fairlead audit --limit 20
  fairlead audit --follow --json >> audit.ndjson

Exit code: 0 done, 1 refused or not reached, 2 wrong use.
${CONTROLLER_HELP}`,
    )
    .action(runAudit);
};

async function runAudit({ limit, follow, json, ...options }: AuditOptions): Promise<void> {
  const client = controllerClient(options);
  const show = (entry: Entry): void => {
    process.stdout.write(json === true ? `${JSON.stringify(entry)}\n` : `${entryLine(entry)}\n`);
  };
  const newest: Entry[] = [];
  for await (const entry of entriesOf(client, limit)) newest.push(entry);
  for (const entry of newest.toReversed()) show(entry);
  if (follow !== true) return;
  let [last] = newest;
  for (;;) {
    await sleep(POLL_MS);
    const fresh = await entriesSince(client, last?.id);
    if (fresh.length === MOST_BETWEEN) process.stderr.write("note: there are more that are not shown\n");
    for (const entry of fresh.toReversed()) show(entry);
    last = fresh[0] ?? last;
  }
}

/** What is newer than an entry, newest first. */
async function entriesSince(client: ApiClient, known: string | undefined): Promise<Entry[]> {
  const fresh: Entry[] = [];
  for await (const entry of entriesOf(client, MOST_BETWEEN, SMALL_PAGE)) {
    if (entry.id === known) break;
    fresh.push(entry);
  }
  return fresh;
}

const SMALL_PAGE = 20;

function entriesOf(client: ApiClient, most: number, pageSize?: number): AsyncGenerator<Entry> {
  return client.rows<Entry>("/api/v1/audit", "entries", {}, most, pageSize);
}

function entryLine({ at, actor, action, subject, tenant }: Entry): string {
  const place = tenant === null ? "" : ` of ${tenant}`;
  return printable(`${formatTime(at)}  ${actor.name} (${actor.from})  ${action}  ${subject}${place}`);
}
