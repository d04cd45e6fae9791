import { dirname } from "node:path";
import { readConfig } from "../config/config-file.ts";
import { laysFilesItself } from "../formats/formats.ts";
import { agentHome } from "../home/agent-home.ts";
import { StagingFolder } from "../installation/staging-folder.ts";
import { nearestWord } from "../output/nearest-word.ts";
import { printableJson } from "../output/printable-json.ts";
import { ownCommand } from "../process/own-process.ts";
import {
  definitionPath,
  installedText,
  installService,
  removeService,
  type ServicePlace,
  serviceState,
  thisServiceManager,
} from "../service/install-service.ts";
import {
  defineService,
  isServiceName,
  SERVICE_MANAGERS,
  type ServiceDefinition,
  type ServiceManager,
} from "../service/service-definition.ts";
import { SERVICE_ERRORS, ServiceError } from "../service/service-error.ts";
import { type AgentCommand, EXIT, type Invocation, text } from "./agent-command.ts";
import { HOME_HELP } from "./open-session.ts";
import { recoveredPrograms } from "./recovered-programs.ts";
import { UsageError } from "./usage-error.ts";

const ACTIONS = ["install", "remove", "show"] as const;
const DEFAULT_NAME = "fairlead-agent";

/** `fairlead-agent service install|remove|show` */
export const serviceCommand: AgentCommand = {
  help: `fairlead-agent service - have the machine start the agent

USAGE
  fairlead-agent service install [--name NAME] [--user NAME] [--print] [options]
  fairlead-agent service remove  [--name NAME] [options]
  fairlead-agent service show    [--name NAME] [options]

DESCRIPTION
  install  writes a definition that starts \`run\` of this very program now and at
           each boot, and starts it: a hardened unit of systemd, a property list
           of launchd, or a task of Windows. Repeated, it takes what changed.
  remove   stops it and takes the definition away; only one that install wrote.
  show     where the definition is, whether it is there, and whether it runs.

  The unit of systemd may write to the agent's home and to the folders of what it
  keeps up to date (ReadWritePaths) and nowhere else. Install it again after
  config.yaml names another folder. Where a package manager installs, the file
  system stays open, because packages write everywhere.

OPTIONS
  --name NAME      of the service (default: ${DEFAULT_NAME}); one for each home
  --user NAME      runs as this user (default: root)
  --print          only prints the definition
  --manager NAME   systemd, launchd or windows, to print that of another machine
  --root DIR       below this folder, such as an image; nothing is started
  --json           the definition, its place and its state as JSON
${HOME_HELP}

EXAMPLES
  fairlead-agent service install
  fairlead-agent service install --print --manager launchd > agent.plist

EXIT CODES
  0  done    1  refused (show: it is not installed)    2  wrong use
`,
  options: {
    name: { type: "string" },
    user: { type: "string" },
    print: { type: "boolean" },
    manager: { type: "string" },
    root: { type: "string" },
    json: { type: "boolean" },
    home: { type: "string" },
  },
  words: ACTIONS,
  async run({ values, words: [action = ""] }) {
    const definition = await definitionFor(values);
    const root = text(values, "root");
    const place: ServicePlace = root === undefined ? {} : { root };
    const path = definitionPath(definition, place);
    const say = (state: string, line: string): void => {
      const answer = { path, state, definition: definition.text };
      process.stdout.write(values.json === true ? `${printableJson(answer, 2)}\n` : `${line}\n`);
    };
    if (action === "install" && values.print === true) {
      process.stdout.write(values.json === true ? "" : definition.text);
      if (values.json === true) say("printed", "");
      return EXIT.ok;
    }
    switch (action) {
      case "install":
        await installService(definition, place);
        say("installed", root === undefined ? `installed and started: ${path}` : `written: ${path}`);
        return EXIT.ok;
      case "remove":
        await removeService(definition, place);
        say("removed", `stopped and removed: ${path}`);
        return EXIT.ok;
      default: {
        const isThere = installedText(definition, place) !== undefined;
        const state = !isThere
          ? "absent"
          : root === undefined
            ? await serviceState(definition, place)
            : "written";
        say(state, `${path}: ${state}`);
        return isThere ? EXIT.ok : EXIT.refused;
      }
    }
  },
};

async function definitionFor(values: Invocation["values"]): Promise<ServiceDefinition> {
  const home = agentHome(text(values, "home"), process.env);
  const name = text(values, "name") ?? DEFAULT_NAME;
  if (!isServiceName(name)) {
    throw new UsageError("usage/bad-value", `--name: \`${name}\` is not the name of a service`, {
      help: "use lower-case letters, digits, `.`, `_` and `-`",
    });
  }
  const config = await readConfig(home);
  const user = text(values, "user");
  const program = ownCommand();
  const isOwn = config.products.some(({ installPath }) => program.length === 1 && installPath === program[0]);
  return defineService(managerOf(values), {
    name,
    command: [...program, "run", "--home", home.directory, "--log", "json"],
    products: config.products.map(({ product }) => product),
    writable: [
      ...new Set([home.directory, ...config.products.map(({ installPath }) => dirname(installPath))]),
    ],
    confined: config.products.every(
      ({ format, helperSocket }) => helperSocket !== undefined || laysFilesItself(format),
    ),
    // What the task runs is a copy of the agent, which only one that is one executable keeps.
    recovered: program.length === 1 ? recoveredPrograms(config.products, home.directory) : [],
    ...(user === undefined ? {} : { user }),
    ...(isOwn
      ? { recovery: { keptIn: StagingFolder.beside(program[0] ?? "").directory, home: home.directory } }
      : {}),
  });
}

function managerOf(values: Invocation["values"]): ServiceManager {
  const asked = text(values, "manager");
  const found = SERVICE_MANAGERS.find((one) => one === asked);
  if (found !== undefined) return found;
  if (asked !== undefined) {
    const nearest = nearestWord(asked, SERVICE_MANAGERS);
    throw new UsageError("usage/bad-value", `--manager: there is no \`${asked}\``, {
      help:
        nearest === undefined
          ? `it is one of ${SERVICE_MANAGERS.join(", ")}`
          : `did you mean \`${nearest}\`?`,
    });
  }
  const here = thisServiceManager();
  // What is only printed, or put into an image, is for another machine.
  if (here === undefined && (values.print === true || text(values, "root") !== undefined)) return "systemd";
  if (here !== undefined) return here;
  throw new ServiceError("service/no-manager", "no service manager that is known runs on this machine", {
    help: SERVICE_ERRORS["service/no-manager"].remedy,
  });
}
