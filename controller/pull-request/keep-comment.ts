import { setTimeout as sleep } from "node:timers/promises";
import type { CiJob } from "./ci-job.ts";
import { CommentError } from "./comment-error.ts";
import { ForgeComments, ForgeInTrouble, MayNotWrite } from "./forge-comments.ts";

/** What became of a comment. `withheld`: nobody gave the job a token that may write, as is so for forks. */
export type KeptComment =
  | { readonly kind: "made" | "updated" | "unchanged" }
  | { readonly kind: "withheld"; readonly why: string };

/** How the comment begins by which it is found again. */
const BEGINNING = "<!-- fairlead -->\n";

/** Milliseconds before it is tried again. */
const PATIENCE: readonly number[] = [1_000, 5_000, 20_000];

/**
 * Sees to it that the pull request has one comment of Fairlead's, and that it says this. When the forge is in trouble it looks
 * again before it writes again: what it was told may have arrived.
 *
 * @throws CommentError
 */
export async function keepComment(
  job: CiJob,
  text: string,
  patience: readonly number[] = PATIENCE,
): Promise<KeptComment> {
  if (job.token === undefined) return { kind: "withheld", why: "the job has no token to comment with" };
  const comments = new ForgeComments(job);
  for (let tries = 0; ; tries++) {
    try {
      return await keepOnce(comments, BEGINNING + text);
    } catch (error) {
      if (error instanceof MayNotWrite) return { kind: "withheld", why: error.message };
      if (!(error instanceof ForgeInTrouble)) throw error;
      const wait = patience[tries];
      if (wait === undefined) {
        throw new CommentError("comment/unreachable", error.message, { help: "run the job again" });
      }
      await sleep(wait);
    }
  }
}

async function keepOnce(comments: ForgeComments, body: string): Promise<KeptComment> {
  const known = await comments.find(BEGINNING);
  if (known === undefined) {
    await comments.create(body);
    return { kind: "made" };
  }
  // GitLab takes the line break at the end away.
  if (known.body.trimEnd() === body.trimEnd()) return { kind: "unchanged" };
  await comments.update(known, body);
  return { kind: "updated" };
}
