export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as completion sees it. */
export interface OfferedCommand {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly string[];
  /** Without their dashes. */
  readonly options: readonly string[];
}

/** A script that completes commands, their words and options, made from the commands themselves. */
export function completionScript(shell: Shell, program: string, commands: readonly OfferedCommand[]): string {
  switch (shell) {
    case "bash":
      return bashScript(program, commands);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program, commands)}`;
    case "fish":
      return fishScript(program, commands);
  }
}

/** File names where nothing of ours fits: `-o default`. */
function bashScript(program: string, commands: readonly OfferedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, words, options }) => {
    return `    ${name}) words="${[...words, ...options.map((option) => `--${option}`)].join(" ")}" ;;`;
  });
  const own = `_${program.replaceAll("-", "_")}`;
  return `${own}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if ((COMP_CWORD == 1)); then
    words="${names} help --help --version"
  else
    case "\${COMP_WORDS[1]}" in
    help) words="${names}" ;;
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${own} ${program}
`;
}

function fishScript(program: string, commands: readonly OfferedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const inside = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...words.map((word) => `complete -c ${program} -f ${inside} -a ${word}`),
      ...options.map((option) => `complete -c ${program} ${inside} -l ${option}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
