import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { isName } from "../../protocol/manifest-names.ts";
import { KeyError } from "../keys/key-error.ts";
import { findTenantKeys } from "../keys/state-folder-keys.ts";
import { locateState } from "../source/locate-state.ts";
import { StateLocationError } from "../source/state-location-error.ts";
import type { CommandInstaller } from "./command-line.ts";
import { print, printJson } from "./keys-options.ts";

interface KeyOptions {
  readonly root?: string;
  readonly stateDir: string;
  readonly json?: true;
}

const HELP = `
A machine that enrols without a controller, from a mirror or an image, needs the key of its tenant: it names the tenant's
part of the manifest, which nobody else can tell apart. It is made from a secret in the controller's state folder, so this
runs where the controller runs.

Exit code: 0 printed, 1 there is no such tenant or no state folder, 2 wrong use.

Examples:
  fairlead tenant key acme
  fairlead-agent enroll --server https://mirror.acme.example --product agent --install-path /opt/acme/agent \\
    --root-sha256 9f2c... --tenant acme --tenant-key "$(fairlead tenant key acme --state-dir /var/lib/fairlead)"`;

/** `fairlead tenant ...` */
export const addTenantCommand: CommandInstaller = (program) => {
  program
    .command("tenant")
    .description("what a tenant's machines need")
    .command("key")
    .description("print the key of a tenant, for machines that enrol without a controller")
    .argument("<name>", "the tenant, as its file in tenants/ is called", parseTenant)
    .option("--state-dir <dir>", "the controller's state folder", ".fairlead")
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--json", "print as JSON")
    .addHelpText("after", HELP)
    .action((name: string, options: KeyOptions) => {
      const isChecked = requireTenant(name, options.root);
      const key = findTenantKeys(resolve(options.stateDir))(name);
      if (!isChecked)
        process.stderr.write(`note: no state is here, so nobody checked that there is a tenant ${name}\n`);
      if (options.json === true) printJson({ tenant: name, key });
      else print(key);
    });
};

function parseTenant(name: string): string {
  if (isName(name)) return name;
  throw new InvalidArgumentError("expected lower-case letters, digits and dashes, a letter first.");
}

/** A key of a tenant that does not exist would open nothing. @returns whether there was a state to look into */
function requireTenant(name: string, folder: string | undefined): boolean {
  let root: string;
  try {
    root = locateState(process.cwd(), folder).root;
  } catch (error) {
    if (folder === undefined && error instanceof StateLocationError) return false;
    throw error;
  }
  if (existsSync(join(root, "tenants", `${name}.yaml`))) return true;
  throw new KeyError("keys/not-found", `the state has no tenants/${name}.yaml`, {
    help: "check the spelling, or add the tenant first",
  });
}
