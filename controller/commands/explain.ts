import type { Command } from "commander";
import type { Device } from "../../protocol/device.ts";
import { desiredState } from "../desired/desired-state.ts";
import { explainDevice } from "../explain/explain-device.ts";
import { printExplanation } from "../explain/print-explanation.ts";
import { localSource } from "../source/state-source.ts";
import { stateAt } from "../validate/state-at.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { parseNow } from "./parse-now.ts";
import { showFindings, withStateRepository } from "./state-repository.ts";

interface ExplainOptions {
  readonly device: string;
  readonly platform: string;
  readonly installed?: string;
  readonly newestConfirmed?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly label?: readonly string[];
  readonly product?: string;
  readonly channel?: string;
  readonly at?: string;
  readonly now?: string;
  readonly updateNow?: boolean;
  readonly json?: boolean;
  readonly root?: string;
}

export const addExplainCommand: CommandInstaller = (program) => {
  program
    .command("explain")
    .description("say what a device should run and why, with file and line")
    .requiredOption("--device <id>", "id of the device")
    .requiredOption("--platform <platform>", "such as linux-x64")
    .option("--installed <version>", "what runs on it; nothing when absent")
    .option("--newest-confirmed <version>", "the newest that ever ran on it, where that is not what runs now")
    .option("--tenant <name>", "the tenant that it belongs to")
    .option("--site <name>", "the site that it is at")
    .option("--label <name=value>", "a label of the device; may be given several times", collect)
    .option("--product <name>", "which product, where state has several")
    .option("--channel <name>", "the channel that was chosen on the machine itself")
    .option("--update-now", "as if somebody asked for the update now")
    .option(
      "--at <ref>",
      "the state at this branch, ref in full or commit; the work tree as it lies on disk when absent",
    )
    .option("--now <time>", "decide as of this time (RFC 3339, or seconds since 1970)")
    .option("--json", "print the explanation as JSON")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .addHelpText(
      "after",
      `
Each line of the trail is a rule that spoke: = chose, + has nothing against it, - is overridden, x ended it.

Example:
  fairlead explain --tenant acme --site berlin --device d-7f3a --platform linux-x64 --installed 1.3.0`,
    )
    .action((options: ExplainOptions, command: Command) => runExplain(options, command));
};

function collect(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}

function labelsOf(given: readonly string[], command: Command): Record<string, string> {
  return Object.fromEntries(
    given.map((label) => {
      const [, name, value] = /^([^=]+)=(.+)$/s.exec(label) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      return command.error(
        `error[usage/bad-value]: --label: write its name and its value, such as ring=canary`,
        {
          exitCode: EXIT.usage,
        },
      );
    }),
  );
}

async function runExplain(options: ExplainOptions, command: Command): Promise<void> {
  const now = parseNow(options.now, command);
  await withStateRepository(options.root, async ({ repository, location }) => {
    const read = await stateAt(localSource(repository, location, options.at, now), { now });
    if (read.model === undefined) {
      showFindings(read, location.path, "nothing to explain");
      return;
    }
    const { tenant, site, product, channel, updateNow, newestConfirmed } = options;
    const device: Device = {
      id: options.device,
      platform: options.platform,
      ...(tenant === undefined ? {} : { tenant }),
      ...(site === undefined ? {} : { site }),
      ...(options.label === undefined ? {} : { labels: labelsOf(options.label, command) }),
    };
    const explanation = explainDevice(desiredState(read.model, read.histories, now), read.model, {
      device,
      installed: options.installed ?? null,
      local: {
        ...(channel === undefined ? {} : { channel }),
        ...(updateNow === true ? { updateNow } : {}),
        ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
      },
      now,
      ...(product === undefined ? {} : { product }),
    });
    const prefix = location.path === "" ? "" : `${location.path}/`;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(explanation, undefined, 2)}\n`
        : printExplanation(explanation, prefix),
    );
  });
}
