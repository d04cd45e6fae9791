import { DomainError } from "../../protocol/domain-error.ts";

/** Every reason why the privileged helper does nothing. None speaks against a build. */
export const HELPER_ERRORS = {
  "helper/bad-config": {
    cause: "the privileged helper's own config cannot be understood",
    remedy: "correct the key that is named in its config file, then start the helper again",
  },
  "helper/bad-message": {
    cause: "something else than an agent of this version speaks on the privileged helper's socket",
    remedy:
      "update agent and helper together; if both are the same, look at what else runs as the agent's user",
  },
  "helper/broken-off": {
    cause: "the connection to the privileged helper ended in the middle",
    remedy: "nothing: the agent tries again at its next check; if it stays, read the helper's log",
  },
  "helper/downgrade": {
    cause: "an older version was asked for than the release key allows to go back to from what ran here",
    remedy: "promote a newer version, or sign `rollbackTo` in the release; root may install by hand",
  },
  "helper/no-digest": {
    cause:
      "the release does not say which bytes the package's file has, so that the helper cannot tell it from another",
    remedy: "release it again from its file: `release add --artifact PLATFORM=FILE` signs the digest",
  },
  "helper/no-service": {
    cause: "the helper was asked to restart a product for which its config names neither service nor command",
    remedy: "add `service` to the product in the helper's config",
  },
  "helper/not-root": {
    cause: "the privileged helper was started without rights",
    remedy: "start it as root, best from its unit",
  },
  "helper/not-signed": {
    cause: "the release key has signed no such version of the product for this machine",
    remedy: "look at who asked for it: an agent only asks for what its manifest lists",
  },
  "helper/nothing-to-restore": {
    cause: "no installation is open that the helper could undo",
    remedy: "nothing: what is installed stays; to go back to an older version, roll back",
  },
  "helper/off-the-way": {
    cause: "the installed version may not step to the one that was asked for directly",
    remedy: "let the agent update through the versions that the release key wants in between",
  },
  "helper/misfit": {
    cause: "this machine lacks what the signed release requires, as the helper reads it itself",
    remedy: "let the agent check again: it takes a version that runs here; or give the machine what is named",
  },
  "helper/paused": {
    cause: "the signed policy says that nothing is installed for now",
    remedy: "wait until the pause ends, or end it in the state repository",
  },
  "helper/too-slow": {
    cause: "the other side of the helper's socket took too long",
    remedy: "nothing: the agent tries again at its next check",
  },
  "helper/unknown-device": {
    cause: "the fleet holds devices without a tenant, and root has named none in the helper's config",
    remedy: "name `tenant` and `tenant_key` in the helper's config, as root",
  },
  "helper/unknown-product": {
    cause: "the helper's config does not name the product",
    remedy: "add the product to the helper's config, as root",
  },
  "helper/unreachable": {
    cause: "nobody listens on the socket that `helper_socket` names, or the agent's user may not connect",
    remedy: "start the privileged helper, and name the agent's user in its config",
  },
  "helper/untrusted-path": {
    cause: "somebody else than root could change a file or folder that the helper goes by",
    remedy: "give it, and every folder above it, to root, and let nobody else write there",
  },
  "helper/wrong-peer": {
    cause: "a process connected to the helper that could not show that it runs as the configured user",
    remedy: "run the agent as the user that the helper's config names",
  },
  "helper/yanked": {
    cause: "the version that was asked for is yanked",
    remedy: "let the agent check again: it then offers another version",
  },
} as const;
export type HelperErrorCode = keyof typeof HELPER_ERRORS;

/** Thrown on both ends of the privileged helper's socket. */
export class HelperError extends DomainError<HelperErrorCode> {}
