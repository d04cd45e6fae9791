import { randomBytes } from "node:crypto";
import { PostClient } from "../call-out/post-json.ts";
import { deliver } from "../notify/deliver.ts";
import { messageOf } from "../notify/message.ts";
import type { Delivery } from "../notify/outbox.ts";
import { isRouted, type Receiver } from "../notify/receiver.ts";
import { sampleNews } from "../notify/sample-news.ts";
import { authorityFile } from "../serve/authority-file.ts";
import { ServeError } from "../serve/serve-error.ts";
import { signalSettingsOf } from "../serve/signals/signal-settings.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { readConfigOrExplain } from "./config-option.ts";
import { printTable } from "./print-table.ts";

interface TestOptions {
  readonly config: string;
  readonly to?: string;
  readonly json?: true;
}

const HELP = `
It needs no running controller, reads the receivers and their secrets as \`fairlead serve --config FILE\` does, and sends each
receiver one of each kind of news that its \`events\` name. Nothing is remembered of it.

Examples:
  fairlead notify test --config /etc/fairlead/fairlead.yaml
  fairlead notify test --config /etc/fairlead/fairlead.yaml --to ops

Exit code: 0 all are delivered, 1 one is not or the configuration has a mistake, 2 wrong use.`;

/** `fairlead notify ...` */
export const addNotifyCommand: CommandInstaller = (program) => {
  const notify = program
    .command("notify")
    .description("try who is told what happens, by webhook, chat and e-mail");
  notify
    .command("test")
    .description("send one of each kind of news to every receiver of a configuration")
    .requiredOption("--config <file>", "the configuration of the controller, with `notify` in it")
    .option("--to <name>", "to this receiver alone")
    .option("--json", "print as JSON")
    .addHelpText("after", HELP)
    .action(runTest);
};

async function runTest({ config, to, json }: TestOptions): Promise<void> {
  const read = readConfigOrExplain(config, () => undefined);
  const { receivers } = signalSettingsOf(read.sections);
  const chosen = to === undefined ? receivers : receivers.filter(({ name }) => name === to);
  if (chosen.length === 0) throw nobody(config, to, receivers);
  const address = read.values.get("publicUrl");
  const origin =
    Array.isArray(address) && typeof address[0] === "string" ? new URL(address[0]).origin : undefined;
  const ca = read.values.get("gitCa");
  const authorities = authorityFile(typeof ca === "string" ? { caFile: ca } : undefined);
  const web = new PostClient(authorities);
  const now = Math.floor(Date.now() / 1000);
  const samples = sampleNews(randomBytes(4).toString("hex"), now);
  const rows: string[][] = [];
  let isFine = true;
  for (const receiver of chosen) {
    for (const news of samples) {
      if (!isRouted(receiver.route, news.event, news.subject)) continue;
      const parts = { web, authorities, source: origin ?? "urn:fairlead" };
      const message = messageOf([news], origin);
      const delivery = await deliver(receiver, message, parts, now, new AbortController().signal);
      isFine &&= delivery.kind === "delivered";
      rows.push([receiver.name, news.event, describe(delivery)]);
    }
  }
  web.close();
  const results = rows.map(([receiver, event, result]) => ({ receiver, event, result }));
  process.stdout.write(
    json === true
      ? `${JSON.stringify(results, undefined, 2)}\n`
      : printTable(["RECEIVER", "EVENT", "RESULT"], rows),
  );
  process.exitCode = isFine ? EXIT.ok : EXIT.refused;
}

function nobody(config: string, to: string | undefined, receivers: readonly Receiver[]): ServeError {
  if (to === undefined) {
    return new ServeError("serve/bad-config", `\`${config}\` names no receivers`, {
      help: "add them under `notify`; docs/operate.md shows how",
    });
  }
  return new ServeError("serve/bad-option", `there is no receiver \`${to}\``, {
    help: `there are ${receivers.map(({ name }) => name).join(", ") || "none"}`,
  });
}

function describe(delivery: Delivery): string {
  return delivery.kind === "delivered" ? "delivered" : `not delivered: ${delivery.why}`;
}
