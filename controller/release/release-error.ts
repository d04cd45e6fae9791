import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const RELEASE_ERRORS = {
  "release/artifact-exists": {
    cause: "The artifact folder has a file of that name with other bytes.",
    remedy: "Release this build under a new version: a released file never changes.",
  },
  "release/bad-artifact": {
    cause: "A file to release cannot be read, is empty, or is named for no platform or for one twice.",
    remedy: "Follow the message; platforms are named as node does: `linux-x64`, `darwin-arm64`.",
  },
  "release/bad-range": {
    cause: "A range of versions cannot be read.",
    remedy: "Write comparators such as `>=1.2.0 <2.0.0`.",
  },
  "release/bad-version": {
    cause: "The version does not follow the version scheme of the product.",
    remedy: "Write it as `product.yaml` says, without a `v` in front.",
  },
  "release/exists": {
    cause: "The version is there already, with other content.",
    remedy: "Release this build under a new version: a version never changes once it is there.",
  },
  "release/invalid-state": {
    cause: "A state file that the release depends on has errors.",
    remedy: "Run `fairlead validate` and correct what it shows.",
  },
  "release/key-not-trusted": {
    cause: "The release key is not one that `trust/targets.json` names for the product.",
    remedy: "Name the folder that holds the right key with `--keys DIR`.",
  },
  "release/no-trust": {
    cause: "The state has no `trust/` folder, so there is nothing to sign into.",
    remedy: "Make keys with `fairlead keys init` first.",
  },
  "release/trust-invalid": {
    cause: "The signed files in `trust/` do not verify, or delegate nothing for the product.",
    remedy: "Run `fairlead validate`; for a new product, `fairlead keys add-product`.",
  },
  "release/unknown-product": {
    cause: "The state has no product of that name.",
    remedy: "Check the spelling, or add `products/<product>/product.yaml` first.",
  },
} as const satisfies ErrorTable;
export type ReleaseErrorCode = keyof typeof RELEASE_ERRORS;

/** A version could not be released or signed. */
export class ReleaseError extends DomainError<ReleaseErrorCode> {}
