import { join, resolve } from "node:path";
import { findOnlineKey } from "../keys/state-folder-keys.ts";
import { exportState } from "../serve/export-state.ts";
import { locateSource } from "../serve/locate-source.ts";
import { type SignerOptions, signersOf } from "../serve/signer-options.ts";
import type { CommandInstaller } from "./command-line.ts";
import { withSignerOptions } from "./signer-options.ts";

interface ExportFlags extends SignerOptions {
  readonly out: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly path?: string;
  readonly stateDir: string;
  readonly artifacts?: string;
  readonly devKeys?: true;
  readonly onlineKey?: string;
  readonly json?: true;
}

export const addExportCommand: CommandInstaller = (program) => {
  const command = program
    .command("export")
    .description("write the signed manifest and the hosted artifacts as files for any web server")
    .requiredOption("--out <dir>", "folder that gets tuf/ and targets/")
    .option("--repo <path>", "the state repository: a folder or a URL (default: the one around this folder)")
    .option(
      "--ref <ref>",
      "what to export: a branch, or a ref in full (default: HEAD of a folder, main of a URL)",
    )
    .option("--path <dir>", "the state root inside the repository (default: where fleet.yaml is)")
    .option("--state-dir <dir>", "keys and the last manifest", ".fairlead")
    .option("--artifacts <dir>", "folder of the hosted artifacts (default: artifacts/ of the state root)")
    .option("--dev-keys", "sign a state without trust/ by keys made here: to try things out")
    .option(
      "--online-key <file>",
      "key of the online role (default: online.json in the state folder, or in keys/ beside the state)",
    );
  withSignerOptions(command)
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      `
Run it again on each commit and at least once a day: signatures expire. Keep the state folder from one run to the next:
waves count from the first publication, and without it they begin anew each time.`,
    )
    .action(async (flags: ExportFlags) => {
      const { location, path, defaultRef, root } = locateSource(flags.repo, flags.path);
      const stateFolder = resolve(flags.stateDir);
      const exported = await exportState({
        source: {
          location,
          ref: flags.ref ?? defaultRef,
          path,
          mirrorsFolder: join(stateFolder, "mirrors"),
        },
        stateFolder,
        devKeys: flags.devKeys === true,
        onlineKeyFile:
          flags.onlineKey === undefined ? findOnlineKey(stateFolder, root) : resolve(flags.onlineKey),
        signers: signersOf(flags),
        artifactFolder: resolve(flags.artifacts ?? join(root ?? stateFolder, "artifacts")),
        out: resolve(flags.out),
        now: Math.floor(Date.now() / 1000),
      });
      const { commit, version, written, kept, expiresAt, isFirst } = exported;
      const until = new Date(expiresAt * 1000).toISOString();
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(exported, undefined, 2)}\n`
          : `exported commit ${commit.slice(0, 10)} as version ${version}: ${written} files written, ${kept} kept; ` +
              `good until ${until}\n`,
      );
      if (!isFirst || flags.devKeys === true) return;
      process.stderr.write(
        `note: \`${flags.stateDir}\` knows of no earlier export, so the waves of all promotions begin now; keep that folder\n`,
      );
    });
};
