import { readFileSync, statSync } from "node:fs";
import { type Command, Option } from "commander";
import { ApiClient } from "../api-client/api-client.ts";
import { ApiError } from "../api-client/api-error.ts";

/** How a command finds the running controller that it asks. */
export interface ControllerOptions {
  readonly controller?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

const DEFAULT_CONTROLLER = "http://127.0.0.1:8080";
/** Any token is shorter. */
const MOST_TOKEN_BYTES = 4096;

export const CONTROLLER_HELP = `
The token is the first of --token, --token-file, $FAIRLEAD_TOKEN and $FAIRLEAD_OPERATOR_TOKEN: what \`fairlead people add\`
printed, or operator-token of the controller's state folder. --token can be read in the machine's list of processes.`;

/** @param isOptional whether the command does without a controller unless one is named */
export function addControllerOptions(command: Command, isOptional = false): Command {
  const address = "address of the running controller: a URL, or unix:/path";
  return command
    .addOption(
      isOptional
        ? new Option("--controller <url>", address)
        : new Option("--controller <url>", address).default(DEFAULT_CONTROLLER),
    )
    .option("--token <token>", "the token to show")
    .option("--token-file <file>", "a file that holds it");
}

/** @throws ApiError `api/bad-token` */
export function controllerClient({ controller, token, tokenFile }: ControllerOptions): ApiClient {
  return new ApiClient(controller ?? DEFAULT_CONTROLLER, tokenOf(token, tokenFile));
}

/** None on the operators' own address, or at a controller that tries things out. */
function tokenOf(token: string | undefined, file: string | undefined): string | undefined {
  if (token !== undefined) return checkToken(token, "--token");
  if (file !== undefined) return checkToken(readToken(file), `\`${file}\``);
  const { FAIRLEAD_TOKEN, FAIRLEAD_OPERATOR_TOKEN } = process.env;
  if (FAIRLEAD_TOKEN !== undefined) return checkToken(FAIRLEAD_TOKEN, "$FAIRLEAD_TOKEN");
  return FAIRLEAD_OPERATOR_TOKEN === undefined
    ? undefined
    : checkToken(FAIRLEAD_OPERATOR_TOKEN, "$FAIRLEAD_OPERATOR_TOKEN");
}

function readToken(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= MOST_TOKEN_BYTES) return readFileSync(file, "utf8");
    throw new ApiError("api/bad-token", `\`${file}\` has ${size} bytes, which is no token`);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError("api/bad-token", `\`${file}\` cannot be read: ${why}`, { cause: error });
  }
}

/** @param place where it was given, for the message, which never holds the token */
function checkToken(text: string, place: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]{16,}$/.test(token)) return token;
  throw new ApiError("api/bad-token", `what ${place} holds cannot be a token`, {
    help: "give what `fairlead people add` printed, or the operator's token",
  });
}
