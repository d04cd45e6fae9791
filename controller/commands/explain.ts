import { type Command, InvalidArgumentError } from "commander";
import type { ApiClient } from "../api-client/api-client.ts";
import { ApiError } from "../api-client/api-error.ts";
import { fetchInventory, fetchOverlays } from "../api-client/fetch-fleet.ts";
import { type DesiredState, desiredState } from "../desired/desired-state.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import { explainDevice } from "../explain/explain-device.ts";
import { withOriginsOfHolds } from "../explain/origins-of-holds.ts";
import { printExplanation } from "../explain/print-explanation.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { readInventory } from "../inventory/read-inventory.ts";
import { lineOrigin, savedLineOrigin } from "../source/line-origin.ts";
import { localSource } from "../source/state-source.ts";
import { stateAt } from "../validate/state-at.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import {
  addControllerOptions,
  CONTROLLER_HELP,
  type ControllerOptions,
  controllerClient,
} from "./controller-options.ts";
import { describedDevice, readLabel, recordedDevice } from "./described-device.ts";
import { parseNow } from "./parse-now.ts";
import { showFindings, withStateRepository } from "./state-repository.ts";

interface ExplainOptions extends ControllerOptions {
  readonly device: string;
  readonly platform?: string;
  readonly format?: string;
  readonly inventory?: string;
  readonly facts?: readonly string[];
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
  const command = program
    .command("explain")
    .description("say what a device should run and why, with file and line");
  addControllerOptions(command, true)
    .requiredOption("--device <id>", "id of the device")
    .option("--platform <platform>", "such as linux-x64; needed without --inventory or --controller")
    .option(
      "--format <format>",
      "how the product is installed there, such as binary or deb: only artifacts of that format count then",
    )
    .option("--inventory <file>", "take what is known of the device from its record (.json, .ndjson, .csv)")
    .option(
      "--facts <name=value...>",
      "what the machine is, as `fairlead-agent facts` says; requirements count against it then",
    )
    .option("--installed <version>", "what runs on it; nothing when absent")
    .option("--newest-confirmed <version>", "the newest that ever ran on it, where that is not what runs now")
    .option("--tenant <name>", "the tenant that it belongs to")
    .option("--site <name>", "the site that it is at")
    .option("--label <name=value>", "a label of the device; may be given several times", collectLabel)
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
  fairlead explain --tenant acme --site berlin --device d-7f3a --platform linux-x64 --installed 1.3.0
  fairlead explain --device d-7f3a --inventory fleet.csv
  fairlead explain --device d-7f3a --controller https://fairlead.acme.example --token-file token
  fairlead explain --device d-7f3a --platform linux-x64 --facts glibc=2.31 kernel=5.10 cpu=avx,avx2

With --controller what is known of the device comes from the running controller, and what its gates have halted counts.
${CONTROLLER_HELP}`,
    )
    .action((options: ExplainOptions, command: Command) => runExplain(options, command));
};

function collectLabel(given: string, before: readonly string[] = []): readonly string[] {
  if (readLabel(given) !== undefined) return [...before, given];
  throw new InvalidArgumentError("write its name and its value, such as ring=canary");
}

async function runExplain(options: ExplainOptions, command: Command): Promise<void> {
  const now = parseNow(options.now, command);
  if (options.inventory !== undefined && options.controller !== undefined) {
    return command.error("error: --inventory and --controller exclude each other", { exitCode: EXIT.usage });
  }
  const client = options.controller === undefined ? undefined : controllerClient(options);
  const overlays = client === undefined ? [] : await fetchOverlays(client);
  const record = await recordOf(client, options);
  const described = describedDevice(options, record);
  if (described === undefined) {
    return command.error("error: --platform is needed without --inventory or --controller", {
      exitCode: EXIT.usage,
    });
  }
  await withStateRepository(options.root, async ({ repository, location }) => {
    const read = await stateAt(localSource(repository, location, options.at, now), { now });
    if (read.model === undefined) {
      showFindings(read, location.path, "nothing to explain", options.json === true);
      return;
    }
    const state = desiredState(read.model, read.histories, now, overlays);
    const explained = explainDevice(state, read.model, { ...described, now });
    noteUnknownPlatform(state, explained.product, described.device.platform);
    const explanation = await withOriginsOfHolds(explained, async (file, line) => {
      const inside = location.path === "" ? file : `${location.path}/${file}`;
      if (options.at !== undefined) return lineOrigin(repository, explained.commit, inside, line);
      const onDisk = read.snapshot.files.find(({ path }) => path === file);
      return onDisk === undefined ? undefined : savedLineOrigin(repository, inside, onDisk.blob, line);
    });
    const prefix = location.path === "" ? "" : `${location.path}/`;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(explanation, undefined, 2)}\n`
        : printExplanation(explanation, prefix),
    );
  });
}

/** What node calls systems and processors (`process.platform`, `process.arch`). */
const REAL_PLATFORM =
  /^(?:aix|android|darwin|freebsd|linux|openbsd|sunos|win32)-(?:arm|arm64|ia32|loong64|mips|mipsel|ppc64|riscv64|s390x|x64)$/;

/** A platform that there is not is misspelt; that none was built for a real one, the decision says. */
function noteUnknownPlatform({ products }: DesiredState, product: string, platform: string): void {
  const { releases = [] } = products.get(product) ?? {};
  const known = [
    ...new Set(releases.flatMap(({ artifacts }) => artifacts.map((one) => one.platform))),
  ].sort();
  if (known.length === 0 || known.includes(platform) || REAL_PLATFORM.test(platform)) return;
  const hint = nearestOrListed(platform, known);
  process.stderr.write(`note: no release of ${product} is for platform \`${platform}\`: ${hint}\n`);
}

/** What is known of the device; with a controller that has never heard of it, what the command line says is all. */
async function recordOf(
  client: ApiClient | undefined,
  { inventory, device, product, platform }: ExplainOptions,
): Promise<InventoryRecord | undefined> {
  if (inventory !== undefined) return recordedDevice(await readInventory(inventory), device, product);
  if (client === undefined) return undefined;
  try {
    return recordedDevice(await fetchInventory(client, device), device, product);
  } catch (error) {
    const isUnknown = error instanceof ApiError && error.code === "api/not-found";
    if (isUnknown && platform !== undefined) return undefined;
    throw error;
  }
}
