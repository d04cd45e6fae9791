import { type Command, InvalidArgumentError, Option } from "commander";
import type { Decision } from "../../protocol/decision.ts";
import { FAILURE_CAUSES, type FailureCause } from "../../protocol/gate/failure-causes.ts";
import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import { describeDecision, trailLine } from "../explain/print-explanation.ts";
import { DEVICE_STATES, type DeviceState } from "../fleet/store/fleet-store.ts";
import type { AttemptRecord, DeviceRecord, RequestRecord } from "../fleet/store/records.ts";
import type { DeviceQuery } from "../http/fleet-api/asked-devices.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { readLabel } from "./described-device.ts";
import { printJson } from "./keys-options.ts";
import { ago, printTable } from "./print-table.ts";
import { describeRequest } from "./requests.ts";

interface AskOptions extends ControllerOptions {
  readonly json?: true;
}

/** Which machines are meant, as the API takes it: the same keys, but for the one that commander has a word of its own for. */
interface FilterOptions extends Omit<DeviceQuery, "version"> {
  /** Not `version`: that is what commander calls the program's own. */
  readonly runs?: DeviceQuery["version"];
}

interface ListOptions extends AskOptions, FilterOptions {
  readonly sort?: string;
  readonly limit: number;
  readonly count?: true;
}

interface UpdateOptions extends AskOptions, FilterOptions {
  readonly dryRun?: true;
  readonly atMost?: number;
}

interface ProductOptions extends AskOptions {
  readonly product?: string;
}

interface MoveOptions extends AskOptions {
  readonly tenant?: string | false;
  readonly site?: string | false;
  readonly label?: readonly string[];
}

const EXAMPLES = `
Examples:
  fairlead agents list --state failed --platform linux-arm64
  fairlead agents list --runs '<1.4.1' --product agent --group acme/canaries --sort -seen
  fairlead agents list --tenant acme --tenant globex --count
  fairlead agents show d-7f3a90c1
  fairlead agents explain d-7f3a90c1 --controller https://fairlead.acme.example --token-file ~/.fairlead-token
  fairlead agents update d-7f3a90c1
  fairlead agents update --product agent --runs 1.4.0 --site berlin --dry-run
  fairlead agents update --product agent --runs 1.4.0 --site berlin --at-most 40
  fairlead agents move d-7f3a90c1 --tenant acme --site berlin --label ring=canary

Exit code: 0 done, 1 refused or not reached, 2 wrong use.
${CONTROLLER_HELP}`;

/** `fairlead agents ...` */
export const addAgentsCommand: CommandInstaller = (program) => {
  const agents = program
    .command("agents")
    .description("the machines of the fleet: look at them, ask something of them")
    .addHelpText("after", EXAMPLES);
  installList(agents);
  asking(
    agents,
    "show",
    "what is known of a machine, and what it tried last",
    async (client, id, { json }) => {
      const device = await client.get(pathOf(id), {}, isDevice);
      const attempts: AttemptRecord[] = [];
      for await (const attempt of client.rows<AttemptRecord>(`${pathOf(id)}/attempts`, "attempts", {}, 5)) {
        attempts.push(attempt);
      }
      if (json === true) printJson({ ...device, attempts });
      else process.stdout.write(deviceText(device, attempts, seconds()));
    },
  );
  asking(
    agents,
    "explain",
    "why a machine runs what it runs: the trail of the decision, now",
    async (client, id, options: ProductOptions) => {
      const { product, json } = options;
      const answer = await client.get(`${pathOf(id)}/explain`, { product }, isExplanation);
      if (json === true) printJson(answer);
      else process.stdout.write(explanationText(id, answer));
    },
  ).option("--product <name>", "which product, where it has several");
  installUpdate(agents);
  for (const [kind, what] of ASKED) {
    const command = asking(agents, kind, what, (client, id, options: ProductOptions) =>
      askOne(client, kind, id, options),
    );
    if (kind !== "look") command.option("--product <name>", "which product, where it has several");
  }
  asking(
    agents,
    "move",
    "put a machine into another tenant or site, or give it other labels",
    async (client, id, options: MoveOptions) => {
      const { tenant, site, label, json } = options;
      const body = {
        ...(tenant === undefined ? {} : { tenant: tenant === false ? null : tenant }),
        ...(site === undefined ? {} : { site: site === false ? null : site }),
        ...(label === undefined ? {} : { labels: labelsOf(label) }),
      };
      const answer = await client.send("POST", `${pathOf(id)}/move`, body);
      if (json === true) printJson(answer);
      else print(`${id} is moved; it hears of it with its next check-in`);
    },
  )
    .option("--tenant <name>", "the tenant that it belongs to from now on")
    .option("--no-tenant", "it belongs to none")
    .option("--site <name>", "the site that it is at")
    .option("--no-site", "it is at none")
    .option("--label <name=value>", "a label; those that are given replace all that it has", collectLabel);
  asking(agents, "remove", "remove a machine: it has to enrol again", async (client, id, { json }) => {
    await client.send("DELETE", pathOf(id));
    if (json === true) printJson({ removed: id });
    else print(`${id} is removed`);
  });
};

const ASKED = [
  ["rollback", "ask a machine to go back to the version that it kept"],
  ["look", "ask a machine to look at the manifest now"],
] as const;

async function askOne(
  client: ReturnType<typeof controllerClient>,
  kind: "update" | "rollback" | "look",
  id: string,
  { product, json }: ProductOptions,
): Promise<void> {
  const body = product === undefined ? {} : { product };
  const answer = await client.send("POST", `${pathOf(id)}/${kind}`, kind === "look" ? undefined : body);
  if (json === true) printJson(answer);
  else if (isRequest(answer)) print(describeRequest(answer, seconds()));
}

/** The options of a filter, which are the same wherever machines are chosen. */
function filtering(command: Command): Command {
  return command
    .option("--tenant <name>", "of this tenant; this and others may be given several times", collect)
    .option("--site <name>", "at this site", collect)
    .option("--group <tenant/group>", "in this group of the served policy", collect)
    .option("--label <name=value>", "with this label")
    .option("--platform <platform>", "such as linux-x64", collect)
    .option("--product <name>", "with this product")
    .option("--runs <version>", "that run this version; '<1.4.1': one below it", collect)
    .option("--channel <name>", "that follow this channel", collect)
    .option("--state <state>", `in this state: ${DEVICE_STATES.join(", ")}`, collectState)
    .option("--cause <cause>", "whose last attempt failed for this", collectCause)
    .option("--search <text>", "with this in the id, tenant, site or a label");
}

function installList(agents: Command): void {
  const list = agents.command("list").description("list machines, or count them");
  filtering(addControllerOptions(list))
    .addOption(
      new Option(
        "--sort <by>",
        "by when they were last heard of, state, or version; a minus: the other way",
      ).choices(SORTS),
    )
    .option("--limit <number>", "most machines that are listed", parseLimit, 100)
    .option("--count", "count them by state instead")
    .option("--json", "print as JSON")
    .action(runList);
}

const SORTS = ["seen", "-seen", "state", "-state", "version", "-version"] as const;

function installUpdate(agents: Command): void {
  const update = agents
    .command("update")
    .description("ask machines to update now: past waves, windows and autoUpdate, and nothing else")
    .argument("[id]", "one machine; without it all that the filter lets through", parseId);
  filtering(addControllerOptions(update))
    .option("--dry-run", "only say what it would do")
    .option("--at-most <number>", "ask nobody where more would move: what --dry-run said", parseLimit)
    .option("--json", "print as JSON")
    .action((id: string | undefined, options: UpdateOptions) => runUpdate(update, id, options));
}

async function runUpdate(
  update: Command,
  id: string | undefined,
  { dryRun, atMost, json, controller, token, tokenFile, ...filter }: UpdateOptions,
): Promise<void> {
  const client = controllerClient({
    ...(controller === undefined ? {} : { controller }),
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
  });
  const { product, runs, ...others } = filter;
  const named = product === undefined ? {} : { product };
  if (id !== undefined && dryRun !== true) {
    await askOne(client, "update", id, { ...named, ...(json === undefined ? {} : { json }) });
    return;
  }
  const asked = { ...others, ...named, ...(runs === undefined ? {} : { version: runs }) };
  if (id === undefined && Object.keys(asked).length === 0) {
    update.error("error: name a machine, or say which ones: --tenant, --state, --runs, ...", {
      exitCode: EXIT.usage,
    });
  }
  if (id === undefined && dryRun !== true && atMost === undefined) {
    update.error("error: say how many may move with --at-most; --dry-run says how many would", {
      exitCode: 2,
    });
  }
  const answer = await client.send("POST", "/api/v1/agents/update", {
    ...(id === undefined ? { filter: asked } : { ids: [id] }),
    ...named,
    ...(dryRun === true ? { dryRun: true } : {}),
    ...(atMost === undefined ? {} : { atMost }),
  });
  if (json === true) printJson(answer);
  else if (isBulkAnswer(answer)) process.stdout.write(bulkText(answer, dryRun === true));
}

interface BulkAnswer {
  readonly machines: number;
  readonly moving: number;
  readonly moves: readonly { readonly product: string; readonly to: string; readonly devices: number }[];
  readonly stays: readonly {
    readonly product: string;
    readonly reason: string;
    readonly why: string;
    readonly devices: number;
  }[];
  readonly asked: number;
  readonly already: number;
}

function isBulkAnswer(value: unknown): value is BulkAnswer {
  return typeof value === "object" && value !== null && "moves" in value && "stays" in value;
}

function bulkText({ machines, moving, moves, stays, asked, already }: BulkAnswer, isDry: boolean): string {
  const table = printTable(
    ["MACHINES", "PRODUCT", "WHAT", "WHY"],
    [
      ...moves.map(({ product, to, devices }) => [String(devices), product, `goes to ${to}`, ""]),
      ...stays.map(({ product, reason, why, devices }) => [
        String(devices),
        product,
        `stays: ${reason}`,
        why,
      ]),
    ],
  );
  const did = isDry ? `${moving} would move` : `${asked} are asked, ${already} were asked before`;
  return `${table}\n${did}, of ${machines} machines\n`;
}

async function runList({
  limit,
  count,
  json,
  runs,
  sort,
  controller,
  token,
  tokenFile,
  ...filter
}: ListOptions) {
  const client = controllerClient({
    ...(controller === undefined ? {} : { controller }),
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
  });
  const query = { ...filter, version: runs };
  if (count === true) {
    const counts = await client.get("/api/v1/agents/count", query, isCounts);
    if (json === true) printJson(counts);
    else
      process.stdout.write(
        printTable(
          ["STATE", "MACHINES"],
          Object.entries(counts).map(([state, n]) => [state, String(n)]),
        ),
      );
    return;
  }
  const devices: DeviceRecord[] = [];
  // One more than is shown tells whether there are more.
  for await (const device of client.rows<DeviceRecord>(
    "/api/v1/agents",
    "agents",
    { ...query, sort },
    limit + 1,
  )) {
    devices.push(device);
  }
  const shown = devices.slice(0, limit);
  if (json === true) {
    printJson(shown);
    return;
  }
  const now = seconds();
  process.stdout.write(
    printTable(
      ["ID", "TENANT", "PLATFORM", "RUNS", "SEEN", "NOTES"],
      shown.map((device) => row(device, now)),
    ),
  );
  if (devices.length > limit) process.stderr.write(`note: there are more; see --limit, or --count\n`);
}

function row(device: DeviceRecord, now: number): string[] {
  const { id, tenant, site, platform, installations, lastSeenAt } = device;
  const place = tenant === null ? "-" : site === null ? tenant : `${tenant}/${site}`;
  const runs = installations
    .map(({ product, installed }) => `${product} ${installed?.version ?? "-"}`)
    .join(", ");
  return [id, place, platform, runs === "" ? "-" : runs, ago(lastSeenAt, now), notesOf(device).join(", ")];
}

function notesOf({ belowMinimum, clonedSince, copyOf, installations }: DeviceRecord): string[] {
  return [
    ...(belowMinimum === null ? [] : [`below ${belowMinimum}`]),
    ...(clonedSince === null ? [] : ["its key is in two places"]),
    ...(copyOf === null ? [] : [`copy of ${copyOf}`]),
    ...installations.flatMap(({ product, journal }) => (journal === "idle" ? [] : [`${product} ${journal}`])),
    ...installations.flatMap(({ product, blocked }) =>
      blocked.map(({ version }) => `${product} ${version} failed here`),
    ),
  ];
}

/** A command about one machine. */
function asking<Options extends AskOptions>(
  agents: Command,
  name: string,
  description: string,
  action: (client: ReturnType<typeof controllerClient>, id: string, options: Options) => Promise<void>,
): Command {
  const command = agents
    .command(name)
    .description(description)
    .argument("<id>", "the machine, as `fairlead agents list` names it", parseId);
  return addControllerOptions(command)
    .option("--json", "print as JSON")
    .action((id: string, options: Options) => action(controllerClient(options), id, options));
}

function pathOf(id: string): string {
  return `/api/v1/agents/${encodeURIComponent(id)}`;
}

function parseId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError("this is no id of a machine.");
}

export function parseLimit(text: string): number {
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (limit >= 1) return limit;
  throw new InvalidArgumentError("expected a number above 0.");
}

function collect(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}

function collectState(given: string, before: readonly DeviceState[] = []): readonly DeviceState[] {
  return [...before, oneOf(DEVICE_STATES, given)];
}

function collectCause(given: string, before: readonly FailureCause[] = []): readonly FailureCause[] {
  return [...before, oneOf(FAILURE_CAUSES, given)];
}

function oneOf<Value extends string>(values: readonly Value[], given: string): Value {
  const value = values.find((each) => each === given);
  if (value === undefined) throw new InvalidArgumentError(`it is one of ${values.join(", ")}.`);
  return value;
}

function collectLabel(given: string, before: readonly string[] = []): readonly string[] {
  if (readLabel(given) !== undefined) return [...before, given];
  throw new InvalidArgumentError("write its name and its value, such as ring=canary");
}

function labelsOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.flatMap((text) => [readLabel(text)].filter((label) => label !== undefined)),
  );
}

function deviceText(device: DeviceRecord, attempts: readonly AttemptRecord[], now: number): string {
  const { id, tenant, site, labels, platform, agentVersion, enrolledAt, lastSeenAt, address, facts } = device;
  const lines: [string, string][] = [
    ["id", id],
    ["tenant", [tenant ?? "none", ...(site === null ? [] : [site])].join("/")],
    [
      "labels",
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    ],
    ["platform", `${platform}, agent ${agentVersion}`],
    ["enrolled", formatTime(enrolledAt)],
    ["seen", `${ago(lastSeenAt, now)}${address === null ? "" : ` from ${address}`}`],
    ["facts", factsText(facts)],
    ...notesOf(device).map((note): [string, string] => ["note", note]),
    ...device.installations.map(({ product, installed, since, appliedChannel }): [string, string] => [
      "runs",
      `${product} ${installed?.version ?? "-"} since ${formatTime(since)}${appliedChannel === null ? "" : `, channel ${appliedChannel}`}`,
    ]),
    ...attempts.map(({ product, from, to, outcome, cause, message, reportedAt }): [string, string] => [
      "tried",
      [
        `${formatTime(reportedAt)} ${product} ${from ?? "-"} -> ${to}: ${outcome}`,
        ...(cause === undefined ? [] : [cause]),
        ...(message === undefined ? [] : [message]),
      ].join(", "),
    ]),
  ];
  return `${lines
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `${name.padEnd(9)} ${printable(text)}`)
    .join("\n")}\n`;
}

function factsText(facts: DeviceRecord["facts"]): string {
  return Object.entries(facts ?? {})
    .filter(([name]) => name !== "cpu")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

interface Explanation {
  readonly product: string;
  readonly installed: string | null;
  readonly at: number;
  readonly commit: string;
  readonly decision: Decision;
}

function explanationText(id: string, { product, installed, at, commit, decision }: Explanation): string {
  return [
    `${product} on ${id}, ${installed ?? "nothing"} installed`,
    `at ${commit.slice(0, 12)}, ${formatTime(at)}`,
    "",
    ...decision.trail.map((entry) => printable(trailLine(entry, ""))),
    "",
    `decision: ${describeDecision(decision)}`,
    "",
  ].join("\n");
}

function isDevice(value: object): value is DeviceRecord {
  return "id" in value && "installations" in value && Array.isArray(value.installations);
}

function isCounts(value: object): value is Readonly<Record<string, number>> {
  return DEVICE_STATES.every((state) => state in value);
}

function isExplanation(value: object): value is Explanation {
  return "decision" in value && "product" in value;
}

function isRequest(value: unknown): value is RequestRecord {
  return typeof value === "object" && value !== null && "kind" in value && "askedAt" in value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
