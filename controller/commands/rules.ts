import { nearestMatch } from "../diagnostics/nearest-match.ts";
import { explainRule, listRules, ruleAsData } from "../rules/explain-rule.ts";
import { RULES } from "../rules/rules.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";

export const addRulesCommand: CommandInstaller = (program) => {
  const command = program
    .command("rules")
    .description("list the rules of `validate`, or explain one with what it refuses and accepts")
    .argument("[id]", "id of a rule, such as channel/unknown-release")
    .option("--json", "print as JSON")
    .action((id: string | undefined, options: { json?: true }) => {
      const rule = RULES.find((candidate) => candidate.id === id);
      if (id !== undefined && rule === undefined) {
        const near = nearestMatch(
          id,
          RULES.map((candidate) => candidate.id),
        );
        const help = near === undefined ? "`fairlead rules` lists them" : `did you mean \`${near}\`?`;
        return command.error(`error: there is no rule \`${id}\`\n  = help: ${help}`, {
          exitCode: EXIT.usage,
        });
      }
      const data = rule === undefined ? RULES.map(ruleAsData) : ruleAsData(rule);
      const text = rule === undefined ? listRules(RULES) : explainRule(rule);
      process.stdout.write(options.json === true ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    });
};
