import { printable } from "../../protocol/printable.ts";
import { nearestWord } from "../output/nearest-word.ts";

/** A key of the config that this agent does not know: a newer agent may, or somebody mistyped it. */
export interface UnknownKey {
  readonly key: string;
  /** The keys that stand at its place. */
  readonly known: readonly string[];
}

/** As many are spoken of; the rest is counted. */
const MOST_DESCRIBED = 10;

/** What is passed over, and what was probably meant. */
export function describeUnknownKeys(
  keys: readonly UnknownKey[],
): readonly { readonly text: string; readonly help: string }[] {
  const described = keys.slice(0, MOST_DESCRIBED).map(({ key, known }) => {
    const nearest = nearestWord(key.split(".").at(-1) ?? key, known);
    return {
      text: `\`${printable(key, 80)}\` in config.yaml is not known to this agent and passed over`,
      help:
        nearest === undefined
          ? "a newer agent may know it; if not, remove it"
          : `did you mean \`${nearest}\`? until then the default holds`,
    };
  });
  const rest = keys.length - described.length;
  if (rest === 0) return described;
  return [...described, { text: `${rest} more keys of config.yaml are not known`, help: "remove them" }];
}
