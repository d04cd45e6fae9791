import { DomainError } from "../../protocol/domain-error.ts";

export const WORKTREE_ERRORS = {
  "worktree/invalid-product": {
    cause: "a file of the product on disk cannot be read, so what it says cannot be signed",
    remedy: "run `fairlead validate` and correct what it shows",
  },
  "worktree/invalid-trust": {
    cause: "a file in the `trust/` folder on disk is a link, too large, or not readable",
    remedy: "run `fairlead validate`, and restore the file from git",
  },
  "worktree/unknown-product": {
    cause: "the state on disk has no product of that name",
    remedy: "check the spelling, or add `products/<product>/product.yaml` first",
  },
} as const satisfies Readonly<
  Record<`worktree/${string}`, { readonly cause: string; readonly remedy: string }>
>;
export type WorktreeStateErrorCode = keyof typeof WORKTREE_ERRORS;

/** A part of the state on disk cannot be worked with. */
export class WorktreeStateError extends DomainError<WorktreeStateErrorCode> {}
