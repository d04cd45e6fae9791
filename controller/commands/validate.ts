import { Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { PRINTERS, type PrintFormat } from "../diagnostics/printers.ts";
import { summarise } from "../diagnostics/summarise.ts";
import { locateState } from "../source/locate-state.ts";
import { validateState } from "../validate/validate-state.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";

interface ValidateOptions {
  readonly root?: string;
  readonly ref?: string;
  readonly base?: string;
  readonly format: PrintFormat;
  readonly maxWarnings?: number;
}

const HELP = `
Checks the files as they lie on disk; with --ref, what a commit holds. With --base, also what the change from that
commit does: published versions that change, yanks that are undone, promotions of yanked versions.

Exit code: 0 when there is no error, 1 when there is one or there are more warnings than allowed, 2 for wrong use.
\`fairlead rules <id>\` explains a rule.

Examples:
  fairlead validate
  fairlead validate --base origin/main --format github --max-warnings 0`;

export const addValidateCommand: CommandInstaller = (program) => {
  program
    .command("validate")
    .description("say everything that is wrong with a state, with file, line, cause and remedy")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--ref <commit>", "check this commit instead of the files on disk")
    .option("--base <ref>", "compare with this commit and add the rules about changes")
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
    .addHelpText("after", HELP)
    .action(async (options: ValidateOptions) => {
      const { ref, base, format, maxWarnings = Number.POSITIVE_INFINITY } = options;
      const location = locateState(process.cwd(), options.root);
      const now = Math.floor(Date.now() / 1000);
      const { snapshot, diagnostics, notices } = await validateState({
        ...location,
        ...(ref === undefined ? {} : { ref }),
        ...(base === undefined ? {} : { base }),
        now,
      });
      const texts = new Map(snapshot.files.map(({ path, bytes }) => [path, bytes]));
      const report = PRINTERS[format](diagnostics, {
        textOf: (file) => texts.get(file)?.toString("utf8"),
        pathPrefix: location.path === "" ? "" : `${location.path}/`,
        colour: process.stdout.isTTY && process.env.NO_COLOR === undefined,
        toolVersion: packageJson.version,
      });
      process.stdout.write(report);
      for (const notice of notices) process.stderr.write(`note: ${notice}\n`);
      const { errors, warnings, text } = summarise(diagnostics, snapshot.files.length);
      // With a format for machines, standard output holds the report alone.
      const isForPeople = format === "pretty" || format === "line";
      (isForPeople ? process.stdout : process.stderr).write(
        `${format === "pretty" && diagnostics.length > 0 ? "\n" : ""}${text}\n`,
      );
      process.exitCode = errors > 0 || warnings > maxWarnings ? EXIT.refused : EXIT.ok;
    });
};
