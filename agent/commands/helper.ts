import { resolve } from "node:path";
import { pagesGivenBack } from "../daemon/give-back-pages.ts";
import { staySmall } from "../daemon/stay-small.ts";
import { createLog, logForm } from "../output/log.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_CONFIG = "/etc/fairlead-helper/helper.yaml";

/** `fairlead-agent helper` */
export const helperCommand: AgentCommand = {
  help: `fairlead-agent helper - install signed versions for an agent without rights

USAGE
  fairlead-agent helper [--config FILE] [--log FORM]

DESCRIPTION
  A small process of root's on a unix socket. An agent that runs as its own user,
  with helper_socket in its config.yaml, downloads and tests a version by itself
  and asks the helper to install it. The helper takes nothing but "install
  version V of product P", what undoes that or ends it, and "restart its
  service". It fetches nothing, opens no file that the agent names, and verifies
  the signed manifest and the bytes by itself, with a trusted root and a memory of
  its own: nothing unsigned, yanked or paused, no other product, and nothing older
  than the release key allows to go back to.

  Only processes of the configured user can ask. Ends at SIGTERM, when what has
  begun is done.

CONFIG FILE
  Root's alone, and every folder above it too (mode 644 or less):
  schemaVersion: 1
  user: fairlead-agent            the user that the agent runs as
  root: /etc/fairlead-helper/root.json
                                  the first root to trust, as the operator gave
                                  it out; later ones are followed by themselves
  socket: /run/fairlead-helper/socket
  state: /var/lib/fairlead-helper
  products:
    lantern:
      install_path: /usr/local/bin/lantern
      format: binary              and, where the format needs them, executable,
                                  package, package_repository
      service: lantern            what is restarted, or a command of its own:
      restart: [systemctl, restart, lantern]

OPTIONS
  --config FILE    (default: ${DEFAULT_CONFIG})
  --log FORM       human or json (default: human on a terminal, else json)
  --help           this text

EXAMPLES
  fairlead-agent helper --config /etc/fairlead-helper/helper.yaml

EXIT CODES
  0  ended by a signal    1  refused    2  wrong use
`,
  options: { config: { type: "string" }, log: { type: "string" } },
  async run({ values, signal }) {
    const asked = text(values, "log");
    const form = logForm(asked, process.stderr.isTTY);
    if (form === undefined)
      throw new UsageError("usage/bad-value", `--log is human or json, not \`${asked}\``);
    staySmall();
    const log = createLog(form, (line) => process.stderr.write(`${line}\n`));
    const [{ readHelperConfig }, { PrivilegedHelper }] = await Promise.all([
      import("../helper/helper-config.ts"),
      import("../helper/privileged-helper.ts"),
    ]);
    const config = await readHelperConfig(resolve(text(values, "config") ?? DEFAULT_CONFIG));
    const now = (): number => Math.floor(Date.now() / 1000);
    await PrivilegedHelper.run(config, log, now, signal, pagesGivenBack());
    return EXIT.ok;
  },
};
