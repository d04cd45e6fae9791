import type { NewCommits } from "../source/commits-since.ts";
import type { AllowedSigners, GoodSignature, SignatureVerdict } from "../source/verify-signature.ts";
import type { FirstSights } from "./first-sights.ts";
import type { Hold } from "./outcome.ts";

/** Which commits may be served, by who signed them. */
export interface SignatureRequirement extends AllowedSigners {
  /**
   * Fingerprint of the forge's own key, one of the allowed. It vouches for merges on the followed line and for nothing
   * else: what such a merge brought in from the side need not be signed.
   */
  readonly forgeKey: string | undefined;
  /** Most commits that may come at once. */
  readonly maxCommits: number;
}

export const DEFAULT_MAX_COMMITS = 1000;

export interface SignatureParts {
  /** As `listCommitsSince`. */
  readonly commitsSince: (tip: string, base: string | undefined, most: number) => Promise<NewCommits>;
  /** As `verifyCommitSignature`. */
  readonly verify: (commit: string, at: number) => Promise<SignatureVerdict>;
  /** As `digestSigners`. */
  readonly digestSigners: () => Promise<string>;
  readonly sights: FirstSights;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Whether every commit on the way from what is served to `tip` was signed by somebody who might sign when this
 * controller first saw it: also a commit that only a merge brings in, since the state is what all of them made of it.
 * What is served already is not judged again. With nothing served, and for a tip that a person accepted although what
 * is served is no longer in the repository, there is no way to go back: then the tip has to be good.
 *
 * @param served the commit that is served, absent: none
 * @returns why the tip is held; `undefined`: everything is good
 */
export async function judgeSignatures(
  parts: SignatureParts,
  { forgeKey, maxCommits }: Pick<SignatureRequirement, "forgeKey" | "maxCommits">,
  tip: string,
  served: string | undefined,
): Promise<Hold | undefined> {
  if (tip === served) return undefined;
  const listed = await parts.commitsSince(tip, served, maxCommits);
  if (listed.kind === "too-many") return { cause: "too-many-commits", count: listed.count, most: maxCommits };
  const { parents } = listed;
  const { sights } = parts;
  sights.see(parents.keys(), await parts.digestSigners(), parts.now());

  const found = new Map<string, GoodSignature>();
  const verdictOf = async (commit: string): Promise<SignatureVerdict> => {
    const { good, seenAt } = sights.of(commit);
    if (good !== undefined) return good;
    const verdict = await parts.verify(commit, seenAt);
    if (verdict.kind === "good") found.set(commit, verdict);
    return verdict;
  };
  try {
    const walk = new Walk(parents, tip);
    for (let step = walk.next(); step !== undefined; step = walk.next()) {
      const { commit, isOnLine, isMerge } = step;
      const verdict = await verdictOf(commit);
      const isForge = verdict.kind === "good" && verdict.fingerprint === forgeKey;
      const reason =
        verdict.kind !== "good"
          ? verdict.reason
          : isForge && !(isOnLine && isMerge)
            ? "the forge's key signed it, which vouches for merges on the followed branch only"
            : undefined;
      if (reason !== undefined) {
        return { cause: "signature", reason, ...(commit === tip ? {} : { unsigned: commit }) };
      }
      walk.follow(step, isForge ? "first-parent" : "all-parents");
    }
    return undefined;
  } finally {
    sights.keepGood(found);
  }
}

interface Step {
  readonly commit: string;
  /** Whether it is on the first-parent line of the tip: on the branch itself, and not only on what was merged. */
  readonly isOnLine: boolean;
  readonly isMerge: boolean;
}

/** Goes through the new commits: down the line of first parents before any side of a merge, each commit once. */
class Walk {
  private readonly parents: ReadonlyMap<string, readonly string[]>;
  private readonly seen = new Set<string>();
  private line: string | undefined;
  private readonly sides: string[] = [];

  constructor(parents: ReadonlyMap<string, readonly string[]>, tip: string) {
    this.parents = parents;
    this.line = tip;
  }

  next(): Step | undefined {
    for (;;) {
      const isOnLine = this.line !== undefined;
      const commit = this.line ?? this.sides.pop();
      this.line = undefined;
      if (commit === undefined) return undefined;
      const parents = this.parents.get(commit);
      // Not new, or judged already.
      if (parents === undefined || this.seen.has(commit)) continue;
      this.seen.add(commit);
      return { commit, isOnLine, isMerge: parents.length > 1 };
    }
  }

  follow({ commit, isOnLine }: Step, which: "first-parent" | "all-parents"): void {
    const [first, ...others] = this.parents.get(commit) ?? [];
    if (isOnLine) this.line = first;
    else if (first !== undefined) this.sides.push(first);
    if (which === "all-parents") this.sides.push(...others);
  }
}
