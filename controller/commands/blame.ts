import { formatTime } from "../../protocol/trail.ts";
import { chooseProduct, requireChannel } from "../edit/choose-product.ts";
import { StateFiles } from "../edit/state-files.ts";
import { openRepository } from "../source/git-repository.ts";
import { locateState } from "../source/locate-state.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import { resolveCommit } from "../source/resolve-ref.ts";
import type { CommandInstaller } from "./command-line.ts";

interface BlameOptions {
  readonly product?: string;
  readonly root?: string;
  readonly json?: boolean;
}

/** `fairlead blame` */
export const addBlameCommand: CommandInstaller = (program) => {
  program
    .command("blame")
    .description("say which commit put the current version on a channel")
    .argument("<channel>", "the channel")
    .option("--product <name>", "the product; may be left out where there is only one")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--json", "print as JSON")
    .action(async (channel: string, { product: named, root, json }: BlameOptions) => {
      const location = locateState(process.cwd(), root);
      const repository = await openRepository(location.root);
      try {
        const commit = await resolveCommit(repository, "HEAD");
        const files = new StateFiles(await readSnapshot(repository, commit, location.path));
        const product = chooseProduct(files, named);
        const { version } = requireChannel(files, product, channel);
        const histories = await readChannelHistories(repository, commit, location.path);
        const [current, before] = histories.get(`${product}/${channel}`) ?? [];
        if (json === true) {
          const report = { product, channel, version, promotion: current, previous: before?.version };
          process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
          return;
        }
        const was = before === undefined ? "" : `, before that ${before.version}`;
        process.stdout.write(`${product} ${channel} points to ${version ?? "nothing"}${was}\n`);
        if (current === undefined) return;
        process.stdout.write(
          `  commit ${current.commit}\n  author ${current.author}\n  time   ${formatTime(current.at)}\n  ${current.subject}\n`,
        );
      } finally {
        repository.close();
      }
    });
};
