import { freezeScope, unfreezeScope } from "../edit/freeze-scope.ts";
import type { ScopeFlags } from "../edit/scope-place.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { withAnyScope } from "./scope-options.ts";

interface FreezeOptions extends EditOptions, ScopeFlags {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly owner?: string;
  readonly exceptSecurity?: boolean;
}

interface UnfreezeOptions extends EditOptions, ScopeFlags {
  readonly reason?: string;
}

/** `fairlead freeze` */
export const addFreezeCommand: CommandInstaller = (program) => {
  const freeze = program
    .command("freeze")
    .description("hold all updates of a scope for a span of time: holidays, an audit")
    .requiredOption(
      "--from <date>",
      "when it begins: 2026-12-21 (midnight UTC), or a date and time with a zone",
    )
    .requiredOption("--to <date>", "when updates go on, written likewise")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--owner <who>", "who answers for it: a mail address or a team")
    .option("--except-security", "versions with `severity: security` go on");
  withEditOptions(withAnyScope(freeze)).action((options: FreezeOptions) =>
    runEdit(freeze, options, (context) => freezeScope(context, { ...options, scope: options })),
  );
};

/** `fairlead unfreeze` */
export const addUnfreezeCommand: CommandInstaller = (program) => {
  const unfreeze = program
    .command("unfreeze")
    .description("take the freezes of a scope out; those of a wider one still hold")
    .option("--reason <text>", "why, for the commit message");
  withEditOptions(withAnyScope(unfreeze)).action((options: UnfreezeOptions) =>
    runEdit(unfreeze, options, (context) =>
      unfreezeScope(context, { scope: options, reason: options.reason }),
    ),
  );
};
