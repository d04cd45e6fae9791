import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const EDIT_ERRORS = {
  "edit/bad-argument": {
    cause: "The options of the command do not fit together.",
    remedy: "Follow the message, or see `--help` of the command.",
  },
  "edit/branch-exists": {
    cause: "The branch that the change would be proposed on is already there.",
    remedy: "Name another one with `--branch NAME`, or delete it once it is merged.",
  },
  "edit/detached-head": {
    cause: "No branch is checked out.",
    remedy: "Check out the branch that the change is for: `git switch main`.",
  },
  "edit/dirty-tree": {
    cause: "The work tree has changes of state that are not committed.",
    remedy: "Commit or stash them first, so that this change stands in a commit of its own.",
  },
  "edit/git-failed": {
    cause: "Git refused to commit, branch or push; the message says what it printed.",
    remedy: "Solve what git says: often a hook, a missing identity or missing rights on the remote.",
  },
  "edit/invalid-state": {
    cause: "The state has errors, so nothing can be changed on top of it.",
    remedy: "Run `fairlead validate` and correct what it shows.",
  },
  "edit/lower-version": {
    cause: "A promotion would point the channel to a lower version.",
    remedy: "Use `fairlead rollback`, or `fairlead yank` the version that the channel points to.",
  },
  "edit/no-remote": {
    cause: "The repository has no remote to push to.",
    remedy: "Add one with `git remote add origin URL`.",
  },
  "edit/not-a-repository": {
    cause: "The state is not in a git repository, and changes of state are commits.",
    remedy: "Run `git init` and commit the state first.",
  },
  "edit/product-needed": {
    cause: "The state has more than one product, and none was named.",
    remedy: "Name one with `--product`.",
  },
  "edit/rollback-not-allowed": {
    cause: "The version to leave does not allow devices to go down to the one named.",
    remedy: "Yank it and promote a corrected higher version: only the release key can allow a downgrade.",
  },
  "edit/uneditable-file": {
    cause: "A state file is missing, is not YAML, or is written in a form that no small edit fits.",
    remedy: "Correct the file, or make this change by hand.",
  },
  "edit/unknown-channel": {
    cause: "The product has no channel of that name.",
    remedy: "Check the spelling; the message lists what there is.",
  },
  "edit/unknown-product": {
    cause: "The state has no product of that name.",
    remedy: "Check the spelling, or add `products/<product>/product.yaml`.",
  },
  "edit/unknown-scope": {
    cause: "The tenant, or a site, group or device of it, does not exist.",
    remedy: "Check the spelling; the message lists what there is.",
  },
  "edit/unknown-version": {
    cause: "The product has no such version, or the channel named points to none.",
    remedy: "Check the spelling, or add the version with `fairlead release add`.",
  },
  "edit/write-failed": {
    cause: "The change could not be written; every file is as it was.",
    remedy: "Check the disk and the rights on the folder.",
  },
  "edit/yanked-version": {
    cause: "The version is yanked, so nothing may point to it.",
    remedy: "Choose another version, or make it active again with `fairlead unyank`.",
  },
} as const satisfies ErrorTable;
export type EditErrorCode = keyof typeof EDIT_ERRORS;

/** A change of state was refused. Nothing was written, or everything was put back. */
export class EditError extends DomainError<EditErrorCode> {}
