import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const EDIT_ERRORS = {
  "edit/all-open": {
    cause: "every wave of what the channel points to is open already",
    remedy: "nothing is left to open: each wave comes at its own time",
  },
  "edit/bad-argument": {
    cause: "the options of the command do not fit together",
    remedy: "follow the message, or see `--help` of the command",
  },
  "edit/branch-exists": {
    cause: "the branch that the change would be proposed on is already there",
    remedy: "name another one with `--branch NAME`, or delete it once it is merged",
  },
  "edit/detached-head": {
    cause: "no branch is checked out",
    remedy: "check out the branch that the change is for: `git switch main`",
  },
  "edit/dirty-tree": {
    cause: "the work tree has changes of state that are not committed",
    remedy: "commit or stash them first, so that this change stands in a commit of its own",
  },
  "edit/git-failed": {
    cause: "git refused to commit, branch or push; the message says what it printed",
    remedy: "solve what git says: often a hook or missing rights on the remote",
  },
  "edit/halted": {
    cause: "the rollout is halted, so no wave of it opens",
    remedy: "promote a version that mends it, or remove `halted` where the halt was a mistake",
  },
  "edit/in-use": {
    cause: "somebody follows, names or has what would be removed",
    remedy: "the message says who: see to them first, or leave it and pause or yank it",
  },
  "edit/invalid-state": {
    cause: "the state has errors, so nothing can be changed on top of it",
    remedy: "run `fairlead validate` and correct what it shows",
  },
  "edit/left-as-bad": {
    cause: "the channel had the version and was taken away from it, or halted it",
    remedy: "promote a version that mends it, or say with `--reason` why this one is good after all",
  },
  "edit/lower-version": {
    cause: "a promotion would point the channel to a lower version",
    remedy: "use `fairlead rollback`, or `fairlead yank` the version that the channel points to",
  },
  "edit/name-taken": {
    cause: "there is something of that name, or machines may still ask by it",
    remedy: "choose another name; the message says who has it",
  },
  "edit/no-identity": {
    cause: "git does not know who you are, and each change names who made it",
    remedy: "tell it: `git config --global user.name` and `git config --global user.email`",
  },
  "edit/no-remote": {
    cause: "the repository has no remote to push to",
    remedy: "add one with `git remote add origin URL`",
  },
  "edit/not-a-repository": {
    cause: "the state is not in a git repository, and changes of state are commits",
    remedy: "run `git init` and commit the state first",
  },
  "edit/not-soaked": {
    cause: "the channel asks that a version stands for a time on the one that it follows (`promotion.soak`)",
    remedy: "wait, or say with `--reason` why it cannot wait",
  },
  "edit/opens-by-time": {
    cause: "time opens the waves of the channel, or it has none, so there is nothing to open by hand",
    remedy: "set `rollout.advance: manual` in the channel where a person is to open each wave",
  },
  "edit/product-needed": {
    cause: "the state has more than one product, and none was named",
    remedy: "name one with `--product`",
  },
  "edit/rollback-not-allowed": {
    cause: "the version to leave does not allow devices to go down to the one named",
    remedy: "yank it and promote a corrected higher version: only the release key can allow a downgrade",
  },
  "edit/uneditable-file": {
    cause: "a state file is missing, is not YAML, or is written in a form that no small edit fits",
    remedy: "correct the file, or make this change by hand",
  },
  "edit/unknown-channel": {
    cause: "the product has no channel of that name",
    remedy: "check the spelling; the message lists what there is",
  },
  "edit/unknown-platform": {
    cause: "the version has no artifact for that platform",
    remedy: "check the spelling; the message lists what there is",
  },
  "edit/unknown-product": {
    cause: "the state has no product of that name",
    remedy: "check the spelling, or add `products/<product>/product.yaml`",
  },
  "edit/unknown-scope": {
    cause: "the tenant, or a site, group or device of it, does not exist",
    remedy: "check the spelling; the message lists what there is",
  },
  "edit/unknown-version": {
    cause: "the product has no such version, or the channel named points to none",
    remedy: "check the spelling, or add the version with `fairlead release add`",
  },
  "edit/unpromotable-version": {
    cause: "the version may stay where it is and go to no further channel",
    remedy: "choose another version, or take `promotable: false` out of its file first",
  },
  "edit/write-failed": {
    cause: "the change could not be written; every file is as it was",
    remedy: "check the disk and the rights on the folder",
  },
  "edit/yanked-version": {
    cause: "the version is yanked, so nothing may point to it",
    remedy: "choose another version, or make it active again with `fairlead unyank`",
  },
} as const satisfies ErrorTable;
export type EditErrorCode = keyof typeof EDIT_ERRORS;

/** A change of state was refused. Nothing was written, or everything was put back. */
export class EditError extends DomainError<EditErrorCode> {}
