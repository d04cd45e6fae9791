import { Option } from "commander";
import { fetchNeeds } from "../api-client/fetch-needs.ts";
import { fetchStatus } from "../api-client/fetch-status.ts";
import type { NeedsReport } from "../overview/overview.ts";
import { renderStatus } from "../status/render-status.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";

interface StatusOptions extends ControllerOptions {
  /** The name that `--controller` had before. */
  readonly server?: string;
  readonly json?: true;
}

export const addStatusCommand: CommandInstaller = (program) => {
  const command = program
    .command("status")
    .description("say what a running controller serves, and what is wrong");
  addControllerOptions(command)
    .addOption(new Option("--server <url>").hideHelp())
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `\nExit code: 0 when the last commit is what is served, 1 when something needs a look.\n${CONTROLLER_HELP}`,
    )
    .action(async ({ server, json, ...options }: StatusOptions) => {
      const client = controllerClient(server === undefined ? options : { ...options, controller: server });
      const report = await fetchStatus(client);
      const needs = await fetchNeeds(client);
      const now = Math.floor(Date.now() / 1000);
      const text =
        json === true
          ? `${JSON.stringify({ ...report, ...needsOf(needs) }, undefined, 2)}\n`
          : renderStatus(report, now, needs);
      process.stdout.write(text);
      process.exitCode = report.degraded || !report.ready ? EXIT.refused : EXIT.ok;
    });
};

/** What the report says besides: the page's heading, and the needs below it. */
function needsOf(told: NeedsReport | undefined): Partial<Pick<NeedsReport, "heading" | "needs">> {
  return told === undefined ? {} : { heading: told.heading, needs: told.needs };
}
