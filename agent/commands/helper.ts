import { resolve } from "node:path";
import { pagesGivenBack } from "../daemon/give-back-pages.ts";
import { staySmall } from "../daemon/stay-small.ts";
import { createLog, logForm } from "../output/log.ts";
import { ownCommand } from "../process/own-process.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_CONFIG = "/etc/fairlead-helper/helper.yaml";

/** `fairlead-agent helper` */
export const helperCommand: AgentCommand = {
  help: `fairlead-agent helper - install signed versions for an agent without rights

USAGE
  fairlead-agent helper [--config FILE] [--log FORM] [--print MANAGER]

DESCRIPTION
  A small process of root's on a unix socket. An agent that runs as its own user,
  with helper_socket in its config.yaml, downloads and tests a version by itself
  and asks the helper to install it. The helper takes nothing but "install
  version V of product P", what undoes that or ends it, and "restart its
  service". It fetches nothing, opens no file that the agent names, and verifies
  the signed manifest and the bytes by itself, with a trusted root and a memory of
  its own: nothing unsigned, yanked or paused, no other product, nothing that this
  machine cannot run, and nothing older than the release key allows to go back to.
  Archives it unpacks itself; of packages it hands dpkg or rpm the one file whose
  digest is signed, after it has looked into it and rehearsed it.

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
  tenant: acme                    whose machine it is, so that pauses of the
  tenant_key: 9f2c...             tenant, and of these, hold here too; the agent
  site: berlin                    is not believed about it. All may be left out
  device: d-7f3a
  labels: {ring: canary}
  products:
    lantern:
      install_path: /usr/local/bin/lantern
      format: binary              or archive, with executable; deb or rpm, with
                                  package (and package_without_way_back: true
                                  where nothing could be put back); pkg; windows
      service: lantern            what is restarted, or a command of its own:
      restart: [systemctl, restart, lantern]

OPTIONS
  --config FILE    (default: ${DEFAULT_CONFIG})
  --log FORM       human or json (default: human on a terminal, else json)
  --print MANAGER  write what systemd or launchd needs to run it to the
                   terminal, and do no more
  --help           this text

EXAMPLES
  fairlead-agent helper --config /etc/fairlead-helper/helper.yaml
  fairlead-agent helper --print systemd \\
    > /etc/systemd/system/fairlead-helper.service

EXIT CODES
  0  ended by a signal    1  refused    2  wrong use
`,
  options: { config: { type: "string" }, log: { type: "string" }, print: { type: "string" } },
  async run({ values, signal }) {
    const asked = text(values, "log");
    const form = logForm(asked, process.stderr.isTTY);
    if (form === undefined)
      throw new UsageError("usage/bad-value", `--log is human or json, not \`${asked}\``);
    const log = createLog(form, (line) => process.stderr.write(`${line}\n`));
    const [{ readHelperConfig }, { PrivilegedHelper }, { HELPER_MANAGERS, helperDefinition }] =
      await Promise.all([
        import("../helper/helper-config.ts"),
        import("../helper/privileged-helper.ts"),
        import("../helper/helper-units.ts"),
      ]);
    const printed = text(values, "print");
    const manager = HELPER_MANAGERS.find((one) => one === printed);
    if (printed !== undefined && manager === undefined) {
      throw new UsageError(
        "usage/bad-value",
        `--print is ${HELPER_MANAGERS.join(" or ")}, not \`${printed}\``,
      );
    }
    const path = resolve(text(values, "config") ?? DEFAULT_CONFIG);
    const config = await readHelperConfig(path);
    if (manager !== undefined) {
      const command = [...ownCommand(), "helper", "--config", path];
      const products = [...config.products.values()];
      process.stdout.write(helperDefinition(manager, { command, products }));
      return EXIT.ok;
    }
    staySmall();
    const now = (): number => Math.floor(Date.now() / 1000);
    await PrivilegedHelper.run(config, log, now, signal, pagesGivenBack());
    return EXIT.ok;
  },
};
