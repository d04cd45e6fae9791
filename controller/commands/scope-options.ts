import type { Command } from "commander";

/** Adds the options that name a scope of one tenant. */
export function withTenantScope(command: Command): Command {
  return withTenantParts(command.requiredOption("--tenant <name>", "the tenant")).option(
    "--product <name>",
    "the product; may be left out where there is only one",
  );
}

/** Adds the options that name the fleet, a product or a channel. */
export function withFleetScope(command: Command): Command {
  return command
    .option("--fleet", "the whole fleet")
    .option("--product <name>", "one product; with --channel, the product of the channel")
    .option("--channel <name>", "one channel of a product");
}

/** Adds the options that name any scope. */
export function withAnyScope(command: Command): Command {
  return withTenantParts(
    withFleetScope(command).option("--tenant <name>", "one tenant; with --product, for this product only"),
  );
}

function withTenantParts(command: Command): Command {
  return command
    .option("--site <name>", "one site of the tenant")
    .option("--group <name>", "one group of the tenant")
    .option("--device <id>", "one device of the tenant")
    .option("--new", "the tenant, site or device is real, and nothing names it yet");
}
