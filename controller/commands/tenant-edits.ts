import type { Command } from "commander";
import { addTenant } from "../edit/add-tenant.ts";
import { removeTenant } from "../edit/remove-tenant.ts";
import { renameTenant } from "../edit/rename-tenant.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AddOptions extends EditOptions {
  readonly channel?: string;
  readonly site?: readonly string[];
}

interface RenameOptions extends EditOptions {
  readonly reason?: string;
}

interface RemoveOptions extends EditOptions {
  readonly reason: string;
  readonly owner?: string;
}

const ADD_HELP = `
Examples:
  fairlead tenant add globex --channel stable
  fairlead tenant add globex --site berlin --site oslo --branch --push`;

const RENAME_HELP = `
The old name stays under \`formerly\` in the tenant's file: machines go on asking by it, are told the new one when they check
in, and people and enrolment tokens that were given the old one lose nothing. Channels that name a group of the tenant among
their canaries follow. \`fairlead status\` counts the machines that still use the old name.

Examples:
  fairlead tenant rename acme acme-labs --dry-run
  fairlead tenant rename acme acme-labs --reason "they merged with Labs" --pr`;

const REMOVE_HELP = `
What is named is a tenant, which goes with every name that it had; or a name that a tenant had before, which it answers to
no more. Either is written to \`removed\` in fleet.yaml with the reason: else \`validate --base\` and the controller refuse it.
With --inventory the plan counts the machines that would find no settings any more.

Examples:
  fairlead tenant remove globex --reason "the contract ended" --owner sales@acme.example
  fairlead tenant remove acme --reason "nobody asks by the old name" --inventory fleet.csv`;

/** `fairlead tenant add`, `rename` and `remove`. */
export function addTenantEdits(tenant: Command): void {
  const add = tenant
    .command("add")
    .description("add a tenant, before its first machine enrols")
    .argument("<name>", "lower-case letters, digits and dashes, a letter first")
    .option("--channel <name>", "what its machines follow; the fleet's default when absent")
    .option("--site <name>", "a site of it; once for each", collect)
    .addHelpText("after", ADD_HELP);
  withEditOptions(add).action((name: string, { channel, site = [], ...options }: AddOptions) =>
    runEdit(add, options, (context) => addTenant(context, { tenant: name, channel, sites: site })),
  );

  const rename = tenant
    .command("rename")
    .description("give a tenant another name; its machines go on by the old one until they know")
    .argument("<name>", "as it is called")
    .argument("<to>", "as it is to be called")
    .option("--reason <text>", "why, for the commit message")
    .addHelpText("after", RENAME_HELP);
  withEditOptions(rename).action((name: string, to: string, { reason, ...options }: RenameOptions) =>
    runEdit(rename, options, (context) => renameTenant(context, { tenant: name, to, reason })),
  );

  const remove = tenant
    .command("remove")
    .description("remove a tenant, or a name that it had before and nobody asks by any more")
    .argument("<name>", "as it is, or was, called")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--owner <who>", "who answers for it: a mail address or a team")
    .addHelpText("after", REMOVE_HELP);
  withEditOptions(remove).action((name: string, { reason, owner, ...options }: RemoveOptions) =>
    runEdit(remove, options, (context) => removeTenant(context, { tenant: name, reason, owner })),
  );
}

function collect(site: string, before: readonly string[] = []): readonly string[] {
  return [...before, site];
}
