import { checkOperatorToken, readOperatorToken } from "../serve/secret-file.ts";
import { fetchStatus } from "../status/fetch-status.ts";
import { renderStatus } from "../status/render-status.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";

interface StatusOptions {
  readonly server: string;
  readonly tokenFile?: string;
  readonly json?: true;
}

export const addStatusCommand: CommandInstaller = (program) => {
  program
    .command("status")
    .description("say what a running controller serves, and what is wrong")
    .option("--server <url>", "address of the controller: a URL, or unix:/path", "http://127.0.0.1:8080")
    .option(
      "--token-file <file>",
      "the operator's token, as in operator-token of the state folder; also the token in $FAIRLEAD_OPERATOR_TOKEN",
    )
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 when the last commit is what is served, 1 when something needs a look.",
    )
    .action(async (options: StatusOptions) => {
      const report = await fetchStatus(options.server, tokenOf(options.tokenFile));
      const now = Math.floor(Date.now() / 1000);
      const text =
        options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : renderStatus(report, now);
      process.stdout.write(text);
      process.exitCode = report.degraded || !report.ready ? EXIT.refused : EXIT.ok;
    });
};

/** The token to show; none on the operators' own address, or to a controller that tries things out. */
function tokenOf(tokenFile: string | undefined): string | undefined {
  if (tokenFile !== undefined) return readOperatorToken(tokenFile);
  const { FAIRLEAD_OPERATOR_TOKEN: token } = process.env;
  return token === undefined ? undefined : checkOperatorToken(token, "$FAIRLEAD_OPERATOR_TOKEN");
}
