import { type AgentCommand, type CommandEntry, EXIT } from "./agent-command.ts";
import { completionScript, type OfferedCommand, SHELLS } from "./completion-script.ts";

/** `fairlead-agent completion SHELL` */
export function completionOf(commands: ReadonlyMap<string, CommandEntry>): AgentCommand {
  return { ...SAID, run: ({ words: [asked] }) => printScript(asked, commands) };
}

const SAID: Omit<AgentCommand, "run"> = {
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
};

async function printScript(
  asked: string | undefined,
  commands: ReadonlyMap<string, CommandEntry>,
): Promise<number> {
  const shell = SHELLS.find((one) => one === asked);
  if (shell === undefined) return EXIT.usage;
  const offered = await Promise.all(
    [...commands].map(async ([name, { summary, load }]): Promise<OfferedCommand> => {
      const { options, words = [] } = await load();
      return { name, summary, words, options: [...Object.keys(options), "help"] };
    }),
  );
  process.stdout.write(completionScript(shell, "fairlead-agent", offered));
  return EXIT.ok;
}
