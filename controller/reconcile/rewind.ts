import { isObjectId } from "../source/object-id.ts";

/** From which served commit to which other one a rewritten history leads. */
export interface Rewind {
  /** Full id of the held commit, which does not descend from the served one. */
  readonly commit: string;
  /** What is served instead. */
  readonly servedCommit: string;
}

const MAX_ID_LENGTH = 64;

/** Reads what {@link writeRewind} wrote; `undefined` for anything else. */
export function parseRewind(text: string): Rewind | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("commit" in value && "servedCommit" in value)) {
    return undefined;
  }
  const { commit, servedCommit } = value;
  if (typeof commit !== "string" || !isObjectId(commit)) return undefined;
  // What is served need not be a commit: it may have been a work tree.
  if (typeof servedCommit !== "string" || servedCommit.length > MAX_ID_LENGTH) return undefined;
  return { commit, servedCommit };
}

export function formatRewind({ commit, servedCommit }: Rewind): string {
  return `${JSON.stringify({ commit, servedCommit })}\n`;
}

export function isSameRewind(a: Rewind | undefined, b: Rewind | undefined): boolean {
  return a?.commit === b?.commit && a?.servedCommit === b?.servedCommit;
}
