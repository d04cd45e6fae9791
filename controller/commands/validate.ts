import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { join } from "node:path/posix";
import { Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PRINTERS, type PrintFormat } from "../diagnostics/printers.ts";
import { summarise, summariseAcknowledged } from "../diagnostics/summarise.ts";
import { readInventory } from "../inventory/read-inventory.ts";
import { locateState } from "../source/locate-state.ts";
import type { ArtifactListing } from "../state/artifact-listing.ts";
import { listArtifacts } from "../validate/list-artifacts.ts";
import { validateState } from "../validate/validate-state.ts";
import { isColoured } from "./colour.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";

interface ValidateOptions {
  readonly root?: string;
  readonly ref?: string;
  readonly base?: string;
  readonly staged?: true;
  readonly format: PrintFormat;
  readonly json?: true;
  readonly maxWarnings?: number;
  readonly showAcknowledged?: true;
  readonly inventory?: string;
  /** `true`: the usual folder. */
  readonly artifacts?: string | true;
}

const HELP = `
Checks the files as they lie on disk; with --staged, what the next commit will hold; with --ref, what a commit holds.
With --base, also what the change from that commit does: published versions that change, yanks that are undone,
promotions of yanked versions. Every file of the repository is searched for private keys, and with --base also files
that came and went in between.

Where the files on disk are checked and the state root has \`artifacts/\`, hosted files must be there with their lengths;
--artifacts reads them for their hashes, too, there or in the folder that it names.

What \`expectations/\` says is looked at as well: as of now, with --base as if the change were merged now, and with
--inventory for the machines that there are.

Warnings that a state file acknowledges are counted in one line, and not among the warnings; --show-acknowledged shows
them. Formats for machines list them always, marked as such.

A commit is named by a branch (main, origin/main), HEAD, or in full: refs/tags/v1, or all 40 digits.
Exit code: 0 when there is no error, 1 when there is one or there are more warnings than allowed, 2 for wrong use.
\`fairlead rules <id>\` explains a rule.

Examples:
  fairlead validate
  fairlead validate --staged
  fairlead validate --artifacts
  fairlead validate --base origin/main --format github --max-warnings 0`;

export const addValidateCommand: CommandInstaller = (program) => {
  program
    .command("validate")
    .description("say everything that is wrong with a state, with file, line, cause and remedy")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--ref <commit>", "check this commit instead of the files on disk")
    .addOption(new Option("--staged", "check what is staged: for a hook before a commit").conflicts("ref"))
    .option("--base <ref>", "compare with this commit and add the rules about changes")
    .option(
      "--artifacts [dir]",
      "read the hosted files, too, and compare their hashes with what was published",
    )
    .option("--inventory <file>", "look at expectations with these machines, too (.json, .ndjson, .csv)")
    .addOption(
      new Option("--format <format>", "how to print").choices(Object.keys(PRINTERS)).default("pretty"),
    )
    .addOption(
      new Option("--max-warnings <n>", "fail when there are more warnings than this").argParser((text) => {
        if (!/^\d{1,9}$/.test(text)) {
          program.error(`error: --max-warnings needs a whole number, got \`${text}\``, {
            exitCode: EXIT.usage,
          });
        }
        return Number(text);
      }),
    )
    .option("--json", "the same as --format json")
    .option("--show-acknowledged", "also show the warnings that the state acknowledges")
    .addHelpText("after", HELP)
    .action(async (options: ValidateOptions) => {
      const { ref, base, staged, maxWarnings = Number.POSITIVE_INFINITY } = options;
      const format = options.json === true ? "json" : options.format;
      const location = locateState(process.cwd(), options.root);
      const now = Math.floor(Date.now() / 1000);
      const found = await validateState({
        ...location,
        ...(ref === undefined ? {} : { ref }),
        ...(base === undefined ? {} : { base }),
        ...(staged === undefined ? {} : { staged: { indexFile: indexFile() } }),
        artifacts: await artifactsOf(location.root, options),
        inventory: options.inventory === undefined ? undefined : await readInventory(options.inventory),
        now,
      });
      const { snapshot, diagnostics, acknowledged } = found;
      const notices =
        options.artifacts === undefined || found.hasLookedAtArtifacts
          ? found.notices
          : [
              `there is no \`${join(location.root, "artifacts")}\`: no hosted file was looked at`,
              ...found.notices,
            ];
      const texts = new Map(snapshot.files.map(({ path, bytes }) => [join(location.path, path), bytes]));
      // Some findings are outside of the state root: all are shown from the top of the repository.
      const isForPeople = format === "pretty" || format === "line";
      const showsAcknowledged = !isForPeople || options.showAcknowledged === true;
      const shown = showsAcknowledged
        ? [...diagnostics, ...acknowledged].sort(compareDiagnostics)
        : diagnostics;
      const colour = isColoured(process.stdout);
      const report = PRINTERS[format](
        shown.map((diagnostic) => fromTop(diagnostic, location.path)),
        {
          textOf: (file) => texts.get(file)?.toString("utf8"),
          pathPrefix: "",
          colour,
          toolVersion: packageJson.version,
        },
      );
      process.stdout.write(report);
      for (const notice of notices) process.stderr.write(`note: ${notice}\n`);
      const { errors, warnings, text } = summarise(diagnostics, snapshot.files.length);
      // With a format for machines, standard output holds the report alone.
      const out = isForPeople ? process.stdout : process.stderr;
      out.write(`${format === "pretty" && shown.length > 0 ? "\n" : ""}${text}\n`);
      const aside = summariseAcknowledged(acknowledged);
      if (aside !== undefined) {
        const hint = showsAcknowledged ? "" : ": --show-acknowledged shows them";
        out.write(`${colour && isForPeople ? `\u001b[2m${aside}${hint}\u001b[0m` : `${aside}${hint}`}\n`);
      }
      process.exitCode = errors > 0 || warnings > maxWarnings ? EXIT.refused : EXIT.ok;
    });
};

/** The files of the artifact folder; `undefined`: nobody asked for it. @throws SystemError, SourceError */
async function artifactsOf(
  root: string,
  { artifacts, ref, staged }: ValidateOptions,
): Promise<ArtifactListing | "missing" | undefined> {
  const usual = join(root, "artifacts");
  if (typeof artifacts === "string") return listWithProgress(resolve(artifacts), true);
  // What lies on disk is not what a commit or the index would have there.
  if (artifacts === undefined && (ref !== undefined || staged !== undefined)) return undefined;
  if (existsSync(usual)) return listWithProgress(usual, artifacts === true);
  return "missing";
}

/** Shows on a terminal how many files are read, where that takes its time. */
async function listWithProgress(folder: string, hash: boolean): Promise<ArtifactListing> {
  if (!hash || !process.stderr.isTTY) return listArtifacts(folder, { hash });
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({ format: "reading artifacts: {value} files", clearOnComplete: true });
  bar.start(0, 0);
  try {
    return await listArtifacts(folder, { hash, onProgress: (done) => bar.update(done) });
  } finally {
    bar.stop();
  }
}

function fromTop(diagnostic: Diagnostic, root: string): Diagnostic {
  const { acknowledged } = diagnostic;
  return {
    ...diagnostic,
    file: join(root, diagnostic.file),
    related: diagnostic.related.map((other) => ({ ...other, file: join(root, other.file) })),
    ...(acknowledged === undefined
      ? {}
      : { acknowledged: { ...acknowledged, file: join(root, acknowledged.file) } }),
  };
}

/** The index of the commit under way: with `git commit -a` or a named file, a hook gets another than the usual one. */
function indexFile(): string | undefined {
  const named = process.env.GIT_INDEX_FILE;
  return named === undefined ? undefined : resolve(named);
}
