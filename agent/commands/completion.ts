import { type AgentCommand, EXIT } from "./agent-command.ts";
import { COMMANDS } from "./command-table.ts";
import { completionScript, type OfferedCommand, SHELLS } from "./completion-script.ts";

/** `fairlead-agent completion SHELL` */
export const completionCommand: AgentCommand = {
  help: `fairlead-agent completion - a completion script for a shell

USAGE
  fairlead-agent completion bash|zsh|fish

EXAMPLES
  bash:  eval "$(fairlead-agent completion bash)"
  zsh:   eval "$(fairlead-agent completion zsh)"
  fish:  fairlead-agent completion fish | source

EXIT CODES
  0  printed    2  wrong use
`,
  options: {},
  words: SHELLS,
  async run({ words: [asked] }) {
    const shell = SHELLS.find((one) => one === asked);
    if (shell === undefined) return EXIT.usage;
    const offered = await Promise.all(
      [...COMMANDS].map(async ([name, { summary, load }]): Promise<OfferedCommand> => {
        const { options, words = [] } = await load();
        return { name, summary, words, options: [...Object.keys(options), "help"] };
      }),
    );
    process.stdout.write(completionScript(shell, "fairlead-agent", offered));
    return EXIT.ok;
  },
};
