import type { ScopeFlags } from "../edit/scope-place.ts";
import { setMinimum } from "../edit/set-minimum.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { withFleetScope } from "./scope-options.ts";

interface MinimumOptions extends EditOptions, ScopeFlags {
  readonly reason?: string;
}

/** `fairlead min-version` */
export const addMinVersionCommand: CommandInstaller = (program) => {
  const command = program
    .command("min-version")
    .description("set the minimum version: devices below it update at once, past waves and windows")
    .argument("<version>", "the minimum")
    .option("--reason <text>", "why, for the commit message");
  withEditOptions(withFleetScope(command)).action((version: string, options: MinimumOptions) =>
    runEdit(command, options, (context) =>
      setMinimum(context, { scope: options, version, reason: options.reason }),
    ),
  );
};
