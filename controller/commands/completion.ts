import { Argument } from "commander";
import type { CommandInstaller } from "./command-line.ts";
import { completionScript, SHELLS, type Shell } from "./completion-script.ts";

export const addCompletionCommand: CommandInstaller = (program) => {
  program
    .command("completion")
    .description("print a completion script for a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText(
      "after",
      '\nbash: eval "$(fairlead completion bash)"    zsh: eval "$(fairlead completion zsh)"' +
        "\nfish: fairlead completion fish | source",
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, program));
    });
};
