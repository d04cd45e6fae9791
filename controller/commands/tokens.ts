import { InvalidArgumentError } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { isLabelValue, isName } from "../../protocol/manifest-names.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { TokenRecord } from "../fleet/store/records.ts";
import type { CommandInstaller } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { print, printJson } from "./keys-options.ts";
import { printTable } from "./print-table.ts";

interface TokensOptions extends ControllerOptions {
  readonly json?: true;
}

interface CreateOptions extends TokensOptions {
  readonly tenant?: string;
  readonly site?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly expires?: number;
  readonly uses?: number;
}

const HELP = `
A machine enrols with a token, and gets the tenant, the site and the labels that the token has. The controller keeps only
the digest of a token: it is printed once. Without --expires it is good for a week, without --uses for one machine.

Examples:
  fairlead tokens create --tenant acme --site berlin --label ring=canary --uses 50 --expires 2d
  fairlead tokens list
  fairlead tokens revoke 9f2c1b7a0d3e

Exit code: 0 done, 1 refused or not reached, 2 wrong use.
${CONTROLLER_HELP}`;

/** `fairlead tokens ...` */
export const addTokensCommand: CommandInstaller = (program) => {
  const tokens = program
    .command("tokens")
    .description("by which tokens machines enrol with a running controller")
    .addHelpText("after", HELP);
  addControllerOptions(tokens.command("create").description("make a token, and print it: it is shown once"))
    .option("--tenant <name>", "the tenant that its machines get; none when absent", parseName)
    .option("--site <name>", "the site of that tenant", parseName)
    .option("--label <name=value>", "a label that they get; may be given several times", collectLabel)
    .option("--expires <duration>", "for how long, such as 2d (default: 7d)", parseExpiry)
    .option("--uses <number>", "how many machines may enrol with it (default: 1)", parseUses)
    .option("--json", "print as JSON")
    .action(runCreate);
  addControllerOptions(tokens.command("list").description("list the tokens, without what opens anything"))
    .option("--json", "print as JSON")
    .action(runList);
  addControllerOptions(
    tokens
      .command("revoke")
      .description("end what a token opens; machines that have enrolled stay")
      .argument("<id>", "of the token, as the list names it", parseTokenId),
  )
    .option("--json", "print as JSON")
    .action(async (id: string, { json, ...options }: TokensOptions) => {
      const revoked = await controllerClient(options).send("DELETE", `/api/v1/tokens/${id}`);
      if (json === true) printJson(revoked);
      else print(`nobody enrols with the token ${id} any more`);
    });
};

async function runCreate({
  tenant,
  site,
  label,
  expires,
  uses,
  json,
  ...options
}: CreateOptions): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const made = await controllerClient(options).send("POST", "/api/v1/tokens", {
    ...(tenant === undefined ? {} : { tenant }),
    ...(site === undefined ? {} : { site }),
    ...(label === undefined ? {} : { labels: label }),
    ...(expires === undefined ? {} : { expiresAt: now + expires }),
    ...(uses === undefined ? {} : { uses }),
  });
  if (json === true) {
    printJson(made);
    return;
  }
  const token = typeof made === "object" && made !== null && "token" in made ? String(made.token) : "";
  const id = typeof made === "object" && made !== null && "id" in made ? String(made.id) : "";
  // The token alone goes to the output, so that it can be sent into a file.
  process.stderr.write(`token ${id} is made; this is it, and it is not shown again:\n`);
  print(token);
}

async function runList({ json, ...options }: TokensOptions): Promise<void> {
  const { tokens } = await controllerClient(options).get("/api/v1/tokens", {}, isList);
  if (json === true) {
    printJson(tokens);
    return;
  }
  const now = Math.floor(Date.now() / 1000);
  const cells = tokens.map((token) => [
    token.id,
    placeOf(token),
    `${token.uses} of ${token.uses + token.usesLeft}`,
    stateOf(token, now),
    token.createdBy,
  ]);
  process.stdout.write(printTable(["TOKEN", "FOR", "USED", "STATE", "MADE BY"], cells));
}

function placeOf({ tenant, site, labels }: TokenRecord): string {
  const place = tenant === null ? "no tenant" : site === null ? tenant : `${tenant}/${site}`;
  return [place, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join(" ");
}

function stateOf({ revokedAt, expiresAt, usesLeft }: TokenRecord, now: number): string {
  if (revokedAt !== null) return "revoked";
  if (expiresAt <= now) return "expired";
  return usesLeft === 0 ? "used up" : `until ${formatTime(expiresAt)}`;
}

function isList(value: object): value is { readonly tokens: readonly TokenRecord[] } {
  return "tokens" in value && Array.isArray(value.tokens);
}

function parseName(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError("expected lower-case letters, digits and dashes, a letter first.");
}

function collectLabel(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [name = "", value = ""] = text.split("=", 2);
  if (isName(name) && isLabelValue(value) && text === `${name}=${value}`) return { ...before, [name]: value };
  throw new InvalidArgumentError("expected a label such as ring=canary.");
}

function parseTokenId(text: string): string {
  if (/^[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError("expected the 12 digits that `fairlead tokens list` shows.");
}

function parseExpiry(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("expected a duration such as 2d or 12h.");
  }
}

function parseUses(text: string): number {
  const uses = Number(text);
  if (/^\d{1,7}$/.test(text) && uses >= 1 && uses <= 1_000_000) return uses;
  throw new InvalidArgumentError("expected a number from 1 to 1000000.");
}
