/** One fenced block of shell in a page: ```` ```sh MACHINE ```` , with what else stands there, as in `skipped:name`. */
export interface PageBlock {
  /** For which machine it is. */
  readonly machine: string;
  /** Run as it is; or `skipped` or `played`, under a name. */
  readonly how: { readonly kind: "run" } | { readonly kind: "skipped" | "played"; readonly name: string };
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** Every block of shell, in order. @throws for one that does not say for which machine it is */
export function shellBlocks(page: string): PageBlock[] {
  const blocks: PageBlock[] = [];
  for (const match of page.matchAll(/^```sh(.*)\n([\s\S]*?)^```$/gm)) {
    const [, words = "", text = ""] = match;
    const line = page.slice(0, match.index).split("\n").length + 1;
    const [, machine, kind, name] = /^ (\w+)(?: (skipped|played):([\w-]+))?$/.exec(words) ?? [];
    if (machine === undefined)
      throw new Error(`the block at line ${line} does not say what it is for:${words}`);
    blocks.push({ machine, how: howOf(kind, name), text, line });
  }
  return blocks;
}

function howOf(kind: string | undefined, name: string | undefined): PageBlock["how"] {
  return (kind === "skipped" || kind === "played") && name !== undefined ? { kind, name } : { kind: "run" };
}
