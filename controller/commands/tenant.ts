import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { isName } from "../../protocol/manifest-names.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import { KeyError } from "../keys/key-error.ts";
import { findTenantKeys, replaceNamingSecret, secretPath } from "../keys/naming-secret.ts";
import { ManifestStore } from "../publish/store/manifest-store.ts";
import { locateState } from "../source/locate-state.ts";
import { StateLocationError } from "../source/state-location-error.ts";
import { memberOf, readUncheckedYaml } from "../source/unchecked-yaml.ts";
import { lockStateFolder } from "../state-folder/lock-state-folder.ts";
import type { CommandInstaller } from "./command-line.ts";
import { print, printJson } from "./keys-options.ts";
import { addTenantEdits } from "./tenant-edits.ts";

interface KeyOptions {
  readonly root?: string;
  readonly stateDir: string;
  readonly json?: true;
}

interface NewSecretOptions {
  readonly stateDir: string;
  readonly yes?: true;
  readonly json?: true;
}

const HELP = `
A machine that enrols without a controller, from a mirror or an image, needs the key of its tenant: it names the tenant's
part of the manifest, which nobody else can tell apart. It is made from the naming secret in the controller's state folder,
so this runs where the controller runs.

Exit code: 0 printed, 1 there is no such tenant or no state folder, 2 wrong use.

Examples:
  fairlead tenant key acme
  fairlead-agent enroll --server https://mirror.acme.example --product agent --install-path /opt/acme/agent \\
    --root-sha256 9f2c... --tenant acme --tenant-key "$(fairlead tenant key acme --state-dir /var/lib/fairlead)"`;

const NEW_SECRET_HELP = `
The naming secret is what the keys of all tenants are made from. It comes with the first keys of a fleet (keys init) and
belongs into every backup: where there is one, put it back instead. A new one renames the policy of every tenant, so that
each of their machines finds nothing until it is enrolled again with its new key (tenant key).

Stop the controller first. The old secret is kept beside the new one.

Exit code: 0 made, 1 refused, 2 wrong use.`;

/** `fairlead tenant ...` */
export const addTenantCommand: CommandInstaller = (program) => {
  const tenant = program.command("tenant").description("tenants, and what their machines need");
  addTenantEdits(tenant);
  tenant
    .command("new-secret")
    .description("make a new naming secret where the old one is lost: every machine of a tenant enrols again")
    .option("--state-dir <dir>", "the controller's state folder", ".fairlead")
    .option("--yes", "the policies of tenants that were published may be renamed")
    .option("--json", "print as JSON")
    .addHelpText("after", NEW_SECRET_HELP)
    .action(makeNewSecret);
  tenant
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

function makeNewSecret({ stateDir, yes, json }: NewSecretOptions): void {
  const stateFolder = resolve(stateDir);
  const path = secretPath(stateFolder);
  // A running controller would go on with the old one.
  const lock = lockStateFolder(stateFolder, "tenant new-secret");
  try {
    if (yes !== true && (existsSync(path) || ManifestStore.hasPublished(stateFolder))) {
      throw new KeyError(
        "keys/not-confirmed",
        `a new secret renames the policy of every tenant that was published from \`${stateFolder}\``,
        { help: "restore the old one from a backup where there is one; else repeat with --yes" },
      );
    }
    const former = replaceNamingSecret(stateFolder);
    if (json === true) {
      printJson({ namingSecret: path, former });
      return;
    }
    print(`secret  ${path}: the keys of tenants are made from it; back it up`);
    if (former !== undefined) print(`former  ${former}`);
    print(
      "next: start the controller, and enrol each machine of a tenant with its key (`fairlead tenant key NAME`)",
    );
  } finally {
    lock.release();
  }
}

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
  const present = presentName(root, name);
  throw new KeyError("keys/not-found", `the state has no tenants/${name}.yaml`, {
    help:
      present === undefined
        ? `${nearestOrListed(name, tenantNames(root))}; \`fairlead tenant add\` adds one`
        : `it is called \`${present}\` now: enrol machines with the key of that name`,
  });
}

function tenantNames(root: string): readonly string[] {
  const folder = join(root, "tenants");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length));
}

/** The tenant whose file lists the name under `formerly`. */
function presentName(root: string, name: string): string | undefined {
  return tenantNames(root).find((tenant) => {
    const text = readFileSync(join(root, "tenants", `${tenant}.yaml`), "utf8");
    if (!text.includes("formerly")) return false;
    const listed = memberOf(readUncheckedYaml(text), "formerly");
    return Array.isArray(listed) && listed.includes(name);
  });
}
