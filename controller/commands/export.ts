import { resolve } from "node:path";
import { type ExportedState, exportState } from "../serve/export-state.ts";
import { type SignerOptions, signersOf } from "../serve/signer-options.ts";
import type { CommandInstaller } from "./command-line.ts";
import { withSignerOptions } from "./signer-options.ts";
import { addSourceOptions, privateForgeExample, type SourceFlags, sourceOf } from "./source-options.ts";

interface ExportFlags extends SourceFlags, SignerOptions {
  readonly out: string;
  readonly json?: true;
}

/** Most artifacts that are listed one by one; `--json` lists all. */
const MOST_LISTED = 5;

function describeExport({ commit, version, written, kept, left, expiresAt }: ExportedState): string {
  const until = new Date(expiresAt * 1000).toISOString();
  const lines = [
    `exported commit ${commit.slice(0, 10)} as version ${version}: ${written} files written, ${kept} kept; good until ${until}`,
  ];
  if (left.length > 0) {
    lines.push(`left ${left.length} artifacts to their origin: let the web server send clients there`);
    for (const { path, address } of left.slice(0, MOST_LISTED)) lines.push(`  /${path} -> ${address}`);
    if (left.length > MOST_LISTED) lines.push("  ...; --json lists all");
  }
  return `${lines.join("\n")}\n`;
}

export const addExportCommand: CommandInstaller = (program) => {
  const command = program
    .command("export")
    .description("write the signed manifest and the hosted artifacts as files for any web server")
    .requiredOption("--out <dir>", "folder that gets tuf/ and targets/");
  withSignerOptions(addSourceOptions(command, "export"))
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      `
Run it again on each commit and at least once a day: signatures expire. Keep the state folder from one run to the next:
waves count from the first publication, and without it they begin anew each time.`,
    )
    .addHelpText("after", privateForgeExample("fairlead export --out public"))
    .action(async (flags: ExportFlags) => {
      const { source, stateFolder, artifacts, devKeys, onlineKeyFile, warning } = sourceOf(flags);
      if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
      const exported = await exportState({
        source,
        stateFolder,
        devKeys,
        onlineKeyFile,
        signers: signersOf(flags),
        artifacts,
        out: resolve(flags.out),
        now: Math.floor(Date.now() / 1000),
      });
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(exported, undefined, 2)}\n` : describeExport(exported),
      );
      if (!exported.isFirst || flags.devKeys === true) return;
      process.stderr.write(
        `note: \`${flags.stateDir}\` knows of no earlier export, so the waves of all promotions begin now; keep that folder\n`,
      );
    });
};
