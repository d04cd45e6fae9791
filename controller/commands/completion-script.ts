import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as completion sees it: the words that lead to it, and what may follow. */
interface Entry {
  readonly words: readonly string[];
  readonly subcommands: readonly Word[];
  readonly options: readonly Word[];
}

interface Word {
  readonly word: string;
  readonly description: string;
}

/** A script that completes commands, subcommands and options, made from the commands themselves. */
export function completionScript(shell: Shell, program: Command): string {
  const entries = entriesOf(program, []);
  switch (shell) {
    case "bash":
      return bashScript(program.name(), entries);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program.name(), entries)}`;
    case "fish":
      return fishScript(program.name(), entries);
  }
}

function entriesOf(command: Command, words: readonly string[]): Entry[] {
  const entry: Entry = {
    words,
    subcommands: command.commands.map((child) => ({ word: child.name(), description: child.description() })),
    options: command.options.flatMap(({ long, description }) =>
      long === null || long === undefined ? [] : [{ word: long, description }],
    ),
  };
  const below = command.commands.flatMap((child) => entriesOf(child, [...words, child.name()]));
  return [entry, ...below];
}

/** Offers the subcommands and options of the command on the line, and file names where none of them fits. */
function bashScript(name: string, entries: readonly Entry[]): string {
  const cases = entries.map(({ words, subcommands, options }) => {
    const offered = [...subcommands, ...options, { word: "--help" }].map(({ word }) => word).join(" ");
    return `    "${words.join(" ")}") words="${offered}" ;;`;
  });
  const paths = entries.filter(({ words }) => words.length > 0).map(({ words }) => `"${words.join(" ")}"`);
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" next words word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    for word in ${paths.join(" ")}; do [[ "$word" == "$next" ]] && path="$next"; done
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

function fishScript(name: string, entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ words, subcommands, options }) => {
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const below = subcommands.map(({ word }) => word).join(" ");
    const none = below === "" ? [] : [`not __fish_seen_subcommand_from ${below}`];
    const condition = [...seen, ...none].join("; and ");
    const when = condition === "" ? "" : ` -n '${condition}'`;
    return [
      ...subcommands.map(
        ({ word, description }) => `complete -c ${name} -f${when} -a ${word} -d ${quote(description)}`,
      ),
      ...options.map(
        ({ word, description }) => `complete -c ${name}${when} -l ${word.slice(2)} -d ${quote(description)}`,
      ),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
