import { isObjectId } from "./object-id.ts";

/**
 * What a name of a commit means. Git itself looks a short name up in six places, tags before branches, so that whoever
 * may push a tag could take a branch over. Here every name means one thing:
 *
 * - `HEAD`: what the repository has checked out, or as its default
 * - all digits of an object id: that object
 * - `refs/...`: exactly that ref, as `refs/tags/v1`
 * - anything else: the branch of that name; `origin/main` also what was last fetched of a remote's branch, where no
 *   branch has that name
 */
export type RefName =
  | { readonly kind: "head" }
  | { readonly kind: "object"; readonly id: string }
  | { readonly kind: "full"; readonly ref: string }
  | { readonly kind: "branch"; readonly name: string; readonly ref: string };

/** A name with the steps to an ancestor behind it, as people write them: `main~2`, `HEAD^1`. */
export interface Revision {
  readonly name: RefName;
  /** `~2`, `^1~3`; empty for the commit itself. */
  readonly steps: string;
}

const MAX_LENGTH = 1024;
// git-check-ref-format(1), for each part between two slashes and for the whole.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|^[-/.]|[/.]$/;

/** Reads a name without steps; `undefined` for what cannot be the name of a ref. Pure: nothing is looked up. */
export function parseRefName(text: string): RefName | undefined {
  if (text === "" || text === "@" || text.length > MAX_LENGTH || FORBIDDEN.test(text)) return undefined;
  if (text === "HEAD") return { kind: "head" };
  if (isObjectId(text)) return { kind: "object", id: text };
  if (text.startsWith("refs/")) return { kind: "full", ref: text };
  return { kind: "branch", name: text, ref: `refs/heads/${text}` };
}

/** Reads a name with its steps. */
export function parseRevision(text: string): Revision | undefined {
  const [steps = ""] = /(?:[~^]\d{0,6})*$/.exec(text) ?? [];
  const name = parseRefName(text.slice(0, text.length - steps.length));
  return name === undefined ? undefined : { name, steps };
}
