import { pinVersion, unpinVersion } from "../edit/pin-version.ts";
import type { ScopeFlags } from "../edit/scope-place.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { withTenantScope } from "./scope-options.ts";

interface PinOptions extends EditOptions, ScopeFlags {
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** `fairlead pin` */
export const addPinCommand: CommandInstaller = (program) => {
  const pin = program
    .command("pin")
    .description("keep a tenant, site, group or device on one version, whatever its channel says")
    .argument("<version>", "the version to stay on")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--owner <who>", "who answers for the pin: a mail address or a team")
    .option("--expires <date>", "until when it holds: 2027-01-31, or a date and time with a zone");
  withEditOptions(withTenantScope(pin)).action((version: string, options: PinOptions) => {
    const { reason, owner, expires } = options;
    return runEdit(pin, options, (context) =>
      pinVersion(context, { scope: options, version, reason, owner, expires }),
    );
  });
};

/** `fairlead unpin` */
export const addUnpinCommand: CommandInstaller = (program) => {
  const unpin = program
    .command("unpin")
    .description("remove a pin, so that the channel decides again")
    .option("--reason <text>", "why, for the commit message");
  withEditOptions(withTenantScope(unpin)).action((options: PinOptions) =>
    runEdit(unpin, options, (context) => unpinVersion(context, { scope: options, reason: options.reason })),
  );
};
