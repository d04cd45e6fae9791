import { InvalidArgumentError, Option } from "commander";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import type { HistoryEntry, HistoryFilter } from "../history/history-event.ts";
import { printHistory } from "../history/print-history.ts";
import { readHistory } from "../history/read-history.ts";
import { openRepository } from "../source/git-repository.ts";
import { locateState } from "../source/locate-state.ts";
import { resolveCommit } from "../source/resolve-ref.ts";
import type { CommandInstaller } from "./command-line.ts";

interface HistoryOptions extends HistoryFilter {
  readonly root?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `fairlead history` */
export const addHistoryCommand: CommandInstaller = (program) => {
  program
    .command("history")
    .description("say who promoted, yanked, pinned and paused what, and when, newest first")
    .option("--product <name>", "only this product, and what concerns all of them")
    .option("--channel <name>", "only this channel")
    .option("--version <version>", "only this version")
    .addOption(
      new Option("--limit <n>", "most events to show").default(50).argParser((text) => {
        if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
        throw new InvalidArgumentError("expected a whole number above 0.");
      }),
    )
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--json", "print the events as JSON")
    .action(async ({ root, limit, json, ...filter }: HistoryOptions) => {
      const location = locateState(process.cwd(), root);
      const repository = await openRepository(location.root);
      try {
        const commit = await resolveCommit(repository, "HEAD");
        const entries = await readHistory(repository, commit, location.path, filter, limit);
        if (entries.length === 0) {
          const all = await readHistory(repository, commit, location.path, {}, MOST_LOOKED_AT);
          process.stderr.write(`note: ${describeNothing(all, filter)}\n`);
        }
        process.stdout.write(
          json === true ? `${JSON.stringify(entries, undefined, 2)}\n` : printHistory(entries),
        );
      } finally {
        repository.close();
      }
    });
};

/** Events in which names are looked for that were probably meant. */
const MOST_LOOKED_AT = 10_000;

/** Why nothing is found: the first name that was asked for and that nothing in history has, with what there is. */
function describeNothing(all: readonly HistoryEntry[], filter: HistoryFilter): string {
  let found = all;
  for (const key of ["product", "channel", "version"] as const) {
    const asked = filter[key];
    if (asked === undefined) continue;
    const known = [...new Set(found.flatMap((entry) => entry[key] ?? []))].sort();
    if (!known.includes(asked)) {
      return `no ${key} \`${asked}\` is in the history of this branch: ${nearestOrListed(asked, known)}`;
    }
    found = found.filter((entry) => entry[key] === asked);
  }
  return "nothing in the history of this branch is like that";
}
