import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { isName } from "../../protocol/manifest-names.ts";
import { formatTime } from "../../protocol/trail.ts";
import { type PersonRecord, ROLES, type Role } from "../fleet/store/records.ts";
import type { CommandInstaller } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { print, printJson } from "./keys-options.ts";
import { printTable } from "./print-table.ts";

interface PeopleOptions extends ControllerOptions {
  readonly json?: true;
}

interface AddOptions extends PeopleOptions {
  readonly role: Role;
  readonly tenant?: readonly string[];
  readonly expires?: number;
}

const HELP = `
A viewer sees machines, rollouts and reports; an operator asks machines for something, moves them and reads the audit log; an
admin removes machines and makes tokens, and lets people in where limited to no tenants. Who is limited to tenants hears
nothing of others. The operator's token of the controller is an admin called operator.

Examples:
  fairlead people add ada@acme.example --role operator --tenant acme --expires 90d
  fairlead people list
  fairlead people remove ada@acme.example

Exit code: 0 done, 1 refused or not reached, 2 wrong use.
${CONTROLLER_HELP}`;

/** `fairlead people ...` */
export const addPeopleCommand: CommandInstaller = (program) => {
  const people = program
    .command("people")
    .description("who may ask a running controller about the fleet, and by which token")
    .addHelpText("after", HELP);
  addControllerOptions(
    people
      .command("add")
      .description("let somebody in, and print the token: it is shown once")
      .argument(
        "<name>",
        "who it is, such as an e-mail address: it stands in the audit log",
        parsePersonName,
      ),
  )
    .addOption(new Option("--role <role>", "what they may do").choices(ROLES).makeOptionMandatory())
    .option("--tenant <name>", "limits them to this tenant; may be given several times", collectTenant)
    .option("--expires <duration>", "for how long, such as 90d; until removed when absent", parseExpiry)
    .option("--json", "print as JSON")
    .action(runAdd);
  addControllerOptions(people.command("list").description("list who may sign in"))
    .option("--json", "print as JSON")
    .action(runPeopleList);
  addControllerOptions(
    people
      .command("remove")
      .description("end what somebody's token opens")
      .argument("<name>", "who it is, as the list names them", parsePersonName),
  )
    .option("--json", "print as JSON")
    .action(async (name: string, { json, ...options }: PeopleOptions) => {
      await controllerClient(options).send("DELETE", `/api/v1/people/${encodeURIComponent(name)}`);
      if (json === true) printJson({ removed: name });
      else print(`the token of ${name} opens nothing any more`);
    });
};

async function runAdd(name: string, { role, tenant, expires, json, ...options }: AddOptions): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const answer = await controllerClient(options).send("POST", "/api/v1/people", {
    name,
    role,
    ...(tenant === undefined ? {} : { tenants: tenant }),
    ...(expires === undefined ? {} : { expiresAt: now + expires }),
  });
  if (json === true) {
    printJson(answer);
    return;
  }
  const token =
    typeof answer === "object" && answer !== null && "token" in answer && typeof answer.token === "string"
      ? answer.token
      : "";
  // The token alone goes to the output, so that it can be sent into a file.
  process.stderr.write(`${name} is let in as ${role}; this is the token, and it is not shown again:\n`);
  print(token);
}

async function runPeopleList({ json, ...options }: PeopleOptions): Promise<void> {
  const { people } = await controllerClient(options).get("/api/v1/people", {}, isList);
  if (json === true) {
    printJson(people);
    return;
  }
  const cells = people.map(({ name, role, tenants, createdAt, expiresAt }) => [
    name,
    role,
    tenants === null ? "all" : tenants.join(", "),
    formatTime(createdAt),
    expiresAt === null ? "never" : formatTime(expiresAt),
  ]);
  process.stdout.write(printTable(["NAME", "ROLE", "TENANTS", "SINCE", "EXPIRES"], cells));
}

function isList(value: object): value is { readonly people: readonly PersonRecord[] } {
  return "people" in value && Array.isArray(value.people);
}

function parsePersonName(text: string): string {
  if (/^[a-z0-9][a-z0-9._@+-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError("expected lower-case letters, digits and any of . _ @ + -, at most 64.");
}

function collectTenant(text: string, before: readonly string[] = []): readonly string[] {
  if (isName(text)) return [...before, text];
  throw new InvalidArgumentError("expected lower-case letters, digits and dashes, a letter first.");
}

function parseExpiry(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("expected a duration such as 90d or 12h.");
  }
}
