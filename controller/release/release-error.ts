import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const RELEASE_ERRORS = {
  "release/artifact-exists": {
    cause: "the artifact folder has a file of that name with other bytes",
    remedy: "release this build under a new version: a released file never changes",
  },
  "release/bad-artifact": {
    cause: "a file to release cannot be read, is empty, or is named for no platform or for one twice",
    remedy: "follow the message; platforms are named as node does: `linux-x64`, `darwin-arm64`",
  },
  "release/bad-range": {
    cause: "a range of versions cannot be read",
    remedy: "write comparators such as `>=1.2.0 <2.0.0`",
  },
  "release/bad-requirement": {
    cause: "a requirement cannot be read, or no machine of the release's platforms could meet it",
    remedy:
      "write `glibc='>=2.31'`, `os.debian='>=11'`, `cpu=avx2`, `memory=2GiB`; with `linux-x64:` in front for one platform",
  },
  "release/bad-version": {
    cause: "the version does not follow the version scheme of the product",
    remedy: "write it as `product.yaml` says, without a `v` in front",
  },
  "release/exists": {
    cause: "the version is there already, with other content",
    remedy: "release this build under a new version: a version never changes once it is there",
  },
  "release/key-not-trusted": {
    cause: "the release key is not one that `trust/targets.json` names for the product",
    remedy: "name the folder that holds the right key with `--keys DIR`",
  },
  "release/no-delta": {
    cause:
      "a delta cannot be made: the earlier file is not at hand, is of another kind, or `zstd` does not run",
    remedy: "follow the message; machines take the whole file where there is no delta",
  },
  "release/no-trust": {
    cause: "the state has no `trust/` folder, so there is nothing to sign into",
    remedy: "make keys with `fairlead keys init` first",
  },
  "release/not-for-platform": {
    cause: "a file is for another architecture or system than its platform, or breaks off",
    remedy: "name the right platform or file; `--allow-mismatch` releases it all the same",
  },
  "release/trust-invalid": {
    cause: "the signed files in `trust/` do not verify, or delegate nothing for the product",
    remedy: "run `fairlead validate`; for a new product, `fairlead keys add-product`",
  },
  "release/wrong-package": {
    cause: "a package file is another package, or another version, than it is released as",
    remedy: "name the right file or version; `--allow-mismatch` releases it all the same",
  },
} as const satisfies ErrorTable;
export type ReleaseErrorCode = keyof typeof RELEASE_ERRORS;

/** A version could not be released or signed. */
export class ReleaseError extends DomainError<ReleaseErrorCode> {}
