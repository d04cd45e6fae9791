import { setGlobalProxyFromEnv } from "node:http";
import { readBounded } from "../files/read-bounded.ts";
import { ciJob } from "../pull-request/ci-job.ts";
import { CommentError } from "../pull-request/comment-error.ts";
import { type KeptComment, keepComment } from "../pull-request/keep-comment.ts";
import type { CommandInstaller } from "./command-line.ts";
import { printJson } from "./keys-options.ts";

/** More than any forge takes. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_EVENT_BYTES = 64 * 1024 * 1024;

export const addCommentCommand: CommandInstaller = (program) => {
  program
    .command("comment")
    .description(
      "put a file under the pull or merge request that a pipeline runs for, as one comment that it keeps up to date",
    )
    .argument("<file>", "Markdown, as `fairlead plan --format markdown` writes it")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      `
For jobs of GitHub Actions, GitHub Enterprise Server, Gitea and Forgejo (the token is $GITHUB_TOKEN) and of GitLab CI
($FAIRLEAD_NOTE_TOKEN, a token with the scope api). It alters no comment but one that it made with such a token before.
Where there is no token, or one that may only read, as for forks, it says so and is content.

Exit code: 0 also without a token that may write, 1 when the comment could not be made or altered, 2 wrong use.

Example:
  fairlead plan --base origin/main --format markdown > plan.md
  fairlead comment plan.md`,
    )
    .action(async (file: string, { json }: { readonly json?: true }) => {
      const text = readBounded(file, MOST_BYTES)?.toString("utf8") ?? "";
      if (text.trim() === "") {
        throw new CommentError("comment/no-file", `\`${file}\` is empty, or longer than any comment`, {
          help: "write it with `fairlead plan --format markdown` before",
        });
      }
      const { GITHUB_EVENT_PATH: path } = process.env;
      const event = path === undefined ? undefined : readBounded(path, MOST_EVENT_BYTES)?.toString("utf8");
      const job = ciJob(process.env, event);
      setGlobalProxyFromEnv();
      const kept = await keepComment(job, text);
      if (json === true) printJson(kept);
      else process.stdout.write(`${sentenceOf(kept)}\n`);
    });
};

function sentenceOf(kept: KeptComment): string {
  switch (kept.kind) {
    case "made":
      return "commented";
    case "updated":
      return "updated the comment";
    case "unchanged":
      return "the comment says so already";
    case "withheld":
      return `no comment: ${kept.why}`;
  }
}
