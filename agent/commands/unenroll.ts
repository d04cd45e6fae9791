import { rmSync } from "node:fs";
import { sha256Hex } from "../../protocol/digest.ts";
import { printable } from "../../protocol/printable.ts";
import type { AgentConfig, ProductConfig } from "../config/agent-config.ts";
import { readConfig } from "../config/config-file.ts";
import { openDeviceSigner } from "../config/device-key.ts";
import { openRepository } from "../config/open-repository.ts";
import { laysFilesItself, openFormat } from "../formats/formats.ts";
import { type AgentHome, agentHome } from "../home/agent-home.ts";
import { removeHome } from "../home/remove-home.ts";
import { fromFileError, InstallError } from "../installation/install-error.ts";
import { lockInstallation } from "../life-cycle/lock-installation.ts";
import { printableJson } from "../output/printable-json.ts";
import { refusalOf } from "../output/refusal.ts";
import { leaveFleet } from "../report/leave-fleet.ts";
import { installedText, removeService, thisServiceManager } from "../service/install-service.ts";
import { defineService } from "../service/service-definition.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { HOME_HELP } from "./open-session.ts";
import { recoveredPrograms } from "./recovered-programs.ts";
import { UsageError } from "./usage-error.ts";

/** `fairlead-agent unenroll` */
export const unenrollCommand: AgentCommand = {
  help: `fairlead-agent unenroll - take the agent off this machine without a trace

USAGE
  fairlead-agent unenroll [--yes] [--remove-product] [--service NAME] [--json] [--home DIR]

DESCRIPTION
  Tells the controller, where it can be reached; stops and removes the service,
  where \`service install\` wrote it; removes kept copies and everything else beside
  the products; and last the home with the device's key. Asks first, on a terminal.

  The products stay and run on, at the version that they have. What others put
  into the home stays too, and is named. A daemon that nothing but a terminal
  started has to be ended before.

OPTIONS
  --yes            does not ask
  --remove-product removes the products too, where they are files or archives; a
                   package is for the package manager to remove
  --service NAME   the name that was given to \`service install\`
                   (default: fairlead-agent)
  --json           what was removed, as JSON
${HOME_HELP}

EXAMPLES
  sudo fairlead-agent unenroll
  fairlead-agent unenroll --yes --home /var/lib/lantern-agent

EXIT CODES
  0  nothing of it is left    1  refused, or something stays    2  wrong use
`,
  options: {
    yes: { type: "boolean" },
    "remove-product": { type: "boolean" },
    service: { type: "string" },
    json: { type: "boolean" },
    home: { type: "string" },
  },
  async run({ values, signal }) {
    const home = agentHome(text(values, "home"), process.env);
    const config = await readConfig(home);
    const products = config.products.map(({ product }) => product).join(", ");
    if (values.yes !== true) {
      if (!process.stdin.isTTY) {
        throw new UsageError("usage/missing-option", "nobody can be asked here, and --yes is not given", {
          help: "give --yes where it is meant",
        });
      }
      const { confirms } = await import("./ask-terminal.ts");
      const question = `take the agent for ${printable(products)} with \`${printable(home.directory)}\` off this machine?`;
      if (!(await confirms(question, signal))) {
        process.stderr.write("nothing was changed\n");
        return EXIT.refused;
      }
    }
    const done: string[] = [await tellController(home, config, signal)];
    done.push(...(await removeOwnService(home, config, text(values, "service") ?? "fairlead-agent")));
    for (const product of config.products) {
      done.push(...(await removeBeside(product, values["remove-product"] === true)));
    }
    const left = removeHome(home);
    done.push(
      left.length === 0
        ? `removed ${home.directory}`
        : `${home.directory} stays: others put ${left.slice(0, 5).join(", ")} there`,
    );
    const isWhole = left.length === 0;
    if (values.json === true) process.stdout.write(`${printableJson({ done, left }, 2)}\n`);
    else process.stdout.write(`${done.map((line) => printable(line)).join("\n")}\n`);
    return isWhole ? EXIT.ok : EXIT.refused;
  },
};

/** Whether it is told decides nothing: a machine that is gone is found out by its silence too. */
async function tellController(home: AgentHome, config: AgentConfig, signal: AbortSignal): Promise<string> {
  if (!config.checkIn) return "the controller was never told of this machine";
  const now = (): number => Math.floor(Date.now() / 1000);
  try {
    const repository = openRepository(config.server, home, now);
    const root = repository.rootRole();
    const first = sha256Hex(await repository.firstRoot());
    await leaveFleet({ server: config.server, root, now, signal }, openDeviceSigner(home), first);
    return "the controller knows that this machine has left";
  } catch (error) {
    const { id, message } = refusalOf(error);
    return `the controller could not be told (${id}: ${message}); an operator can remove the machine there`;
  }
}

/** Only one that we wrote, for this very home. */
async function removeOwnService(
  home: AgentHome,
  config: AgentConfig,
  name: string,
): Promise<readonly string[]> {
  const manager = thisServiceManager();
  if (manager === undefined) return [];
  const products = config.products.map(({ product }) => product);
  const writable = [home.directory];
  const recovered = recoveredPrograms(config.products, home.directory);
  const spec = { name, command: [], products, writable, confined: true, recovered };
  const definition = defineService(manager, spec);
  const written = installedText(definition, {});
  if (written === undefined || !written.includes(home.directory)) return [];
  await removeService(definition, {});
  return [`removed the service ${name}`];
}

async function removeBeside(product: ProductConfig, withProduct: boolean): Promise<readonly string[]> {
  const { name, staging } = await openFormat(product.format, product);
  const { directory } = staging;
  // An update that is under way would go on without its notes.
  const release = lockInstallation(staging);
  try {
    rmSync(directory, { recursive: true, force: true });
    const done = [`removed ${directory}`];
    if (!withProduct) return done;
    if (!laysFilesItself(name)) {
      return [...done, `${product.product} stays: remove its package with the package manager`];
    }
    rmSync(product.installPath, { recursive: true, force: true });
    return [...done, `removed ${product.installPath}`];
  } catch (error) {
    throw error instanceof InstallError ? error : fromFileError(error, "remove", directory);
  } finally {
    release();
  }
}
