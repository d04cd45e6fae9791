import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const PUBLISH_ERRORS = {
  "publish/artifact-differs": {
    cause: "a hosted file is not the one that the release key signed",
    remedy: "put the released file back: a version never changes",
  },
  "publish/artifact-missing": {
    cause: "a hosted file is not in the artifact folder",
    remedy: "put the released file there, or name its folder with `--artifacts DIR`",
  },
  "publish/no-online-key": {
    cause: "the controller has no online key to sign with",
    remedy:
      "copy `online.json` and `naming-secret` of `fairlead keys init` to the place named, or name the first with `--online-key FILE`",
  },
  "publish/no-trust": {
    cause: "the commit has no `trust/` folder, so nothing says whose keys count",
    remedy: "run `fairlead keys init` and commit `trust/`, or try things out with `--dev-keys`",
  },
  "publish/online-key-not-trusted": {
    cause: "the controller's online key is not the one that `trust/` names",
    remedy: "give the controller that key: `fairlead keys show` lists both",
  },
  "publish/refused": {
    cause: "the commit was refused or is held, so there is nothing to export",
    remedy: "run `fairlead validate` to see each mistake with its place",
  },
  "publish/role-rolled-back": {
    cause: "a signed file has a lower version than the one that was published before",
    remedy: "sign it again with a higher version: agents never go back",
  },
  "publish/root-changed": {
    cause: "a root of the chain is not the one that was published before",
    remedy: "restore the file from git, and add new roots at the end of the chain only",
  },
  "publish/signing-unsound": {
    cause:
      "node:crypto and tweetnacl do not sign a known message alike, or a policy of this system forbids Ed25519",
    remedy:
      "start the controller with the Node that it comes with (`npm ci`), without options for OpenSSL; if that fails, report it",
  },
  "publish/store-damaged": {
    cause: "the stored manifest is not what was written, or does not verify",
    remedy: "nothing, as it is signed anew from the commit; check the disk if it happens again",
  },
  "publish/superseded": {
    cause: "another controller has published from the same state folder meanwhile, although it is locked",
    remedy: "run one controller for each state folder; on a network file system, mount it with locks",
  },
  "publish/trust-invalid": {
    cause: "the signed files in `trust/` do not verify",
    remedy: "run `fairlead validate` to see which one and why",
  },
  "publish/trust-removed": {
    cause: "the commit has no `trust/` folder, and a manifest that people signed was published before",
    remedy: "restore `trust/` in git: agents refuse what development keys sign",
  },
  "publish/version-reused": {
    cause: "a file has other content than was published under the same version or name",
    remedy: "sign the role again, which gives it a new version; export into a folder of this controller only",
  },
} as const satisfies ErrorTable;
export type PublishErrorCode = keyof typeof PUBLISH_ERRORS;

/**
 * A commit could not be turned into a signed manifest. None of these heals by waiting: a person must act, and the
 * last good manifest stays served.
 */
export class PublishError extends DomainError<PublishErrorCode> {}
