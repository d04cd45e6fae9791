import type { PathsReport } from "../http/fleet-api/paths-route.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { printJson } from "./keys-options.ts";
import { printTable } from "./print-table.ts";

interface PathsOptions extends ControllerOptions {
  readonly all?: true;
  readonly json?: true;
}

export const addPathsCommand: CommandInstaller = (program) => {
  const command = program
    .command("paths")
    .description(
      "prove that from each version that machines run a signed way leads to what their channel offers",
    );
  addControllerOptions(command)
    .option("--all", "list also those with a way")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      `
It asks a running controller what its machines report and what it serves. Only the way counts: pauses, waves, windows and what
releases require of a machine are left out. Versions above what the channel offers need none.

Example, for a pipeline that runs each night:
  fairlead paths --controller https://fairlead.acme.example --token-file token

Exit code: 0 nobody is stranded, 1 somebody is, or nothing was reached, 2 wrong use.
${CONTROLLER_HELP}`,
    )
    .action(runPaths);
};

async function runPaths({ all, json, ...options }: PathsOptions): Promise<void> {
  const report = await controllerClient(options).get("/api/v1/paths", {}, isReport);
  process.exitCode = report.stranded === 0 ? EXIT.ok : EXIT.refused;
  if (json === true) {
    printJson(report);
    return;
  }
  const { commit, devices, stranded, strandedDevices, ways } = report;
  const shown = all === true ? ways : ways.filter(({ standing }) => standing === "stranded");
  const rows = shown.map((way) => [
    way.product,
    way.version,
    way.platform,
    way.format,
    way.channel ?? "-",
    String(way.devices),
    way.standing,
    way.text,
  ]);
  const head = ["PRODUCT", "VERSION", "PLATFORM", "FORMAT", "CHANNEL", "MACHINES", "", "WHY"];
  if (rows.length > 0) process.stdout.write(printTable(head, rows));
  const what =
    stranded === 0
      ? `nobody is stranded: ${devices} machines, at ${commit.slice(0, 12)}`
      : `${strandedDevices} of ${devices} machines are stranded, at ${commit.slice(0, 12)}`;
  process.stdout.write(`${what}\n`);
}

function isReport(value: object): value is PathsReport {
  return "stranded" in value && "ways" in value && Array.isArray(value.ways);
}
