import { fetchStatus } from "../status/fetch-status.ts";
import { renderStatus } from "../status/render-status.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";

export const addStatusCommand: CommandInstaller = (program) => {
  program
    .command("status")
    .description("say what a running controller serves, and what is wrong")
    .option("--server <url>", "address of the controller", "http://127.0.0.1:8080")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 when the last commit is what is served, 1 when something needs a look.",
    )
    .action(async (options: { server: string; json?: true }) => {
      const report = await fetchStatus(options.server);
      const now = Math.floor(Date.now() / 1000);
      const text =
        options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : renderStatus(report, now);
      process.stdout.write(text);
      process.exitCode = report.degraded || !report.ready ? EXIT.refused : EXIT.ok;
    });
};
