import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

/** `stalled`: a person must act first. `waiting`: the same call may succeed later by itself. */
export type RetryKind = "stalled" | "waiting";

export const SOURCE_ERRORS = {
  "source/authentication-failed": {
    cause: "the git server wants credentials, or refuses those that the controller has",
    remedy:
      "give a token that may read the repository with `--git-credentials FILE` or `--git-credential-helper`, over ssh a key with `--ssh-key FILE`",
    retry: "waiting",
  },
  "source/bad-source": {
    cause: "what was given as the state repository is neither a folder nor an allowed address",
    remedy: "give a folder, `https://`, `ssh://`, `file://` or `user@host:path`",
    retry: "stalled",
  },
  "source/certificate-refused": {
    cause:
      "the certificate of the git server comes from an unknown authority, has expired, or names another host",
    remedy: "name the authority with `--git-ca FILE`, or renew the certificate of the server",
    retry: "waiting",
  },
  "source/closed": {
    cause: "the repository was closed while it was being read, usually because the program was ending",
    remedy: "run the command again",
    retry: "stalled",
  },
  "source/commit-not-found": {
    cause: "the repository does not have this commit",
    remedy: "fetch the whole history, or name a commit that the repository has",
    retry: "waiting",
  },
  "source/corrupt-repository": {
    cause: "git found damaged or missing objects",
    remedy: "run `git fsck` in the repository; of a mirror, delete its folder and it is fetched again",
    retry: "stalled",
  },
  "source/git-missing": {
    cause: "git could not be started",
    remedy: "install git 2.31 or newer and put it on the PATH",
    retry: "stalled",
  },
  "source/host-key-refused": {
    cause: "the ssh host shows a key that is not the one in the known-hosts file, or none is known",
    remedy:
      "compare it with the key that the operator of the host publishes, then put it into the file of `--ssh-known-hosts`",
    retry: "waiting",
  },
  "source/host-not-found": {
    cause: "the name of the git server leads to no address",
    remedy: "check the host in the address, and the name servers of the controller",
    retry: "waiting",
  },
  "source/limit-exceeded": {
    cause: "git gave more than is read at once: a very large commit message or listing",
    remedy: "look at the commit that the message names; state repositories hold small text files only",
    retry: "stalled",
  },
  "source/path-not-found": {
    cause: "the state folder, or a file in it, is not there or cannot be read",
    remedy: "name the folder that holds `fleet.yaml`, and check the rights on it",
    retry: "waiting",
  },
  "source/proxy-failed": {
    cause: "the proxy that the environment names cannot be reached, or refuses the connection",
    remedy:
      "check `https_proxy`, `http_proxy` and `no_proxy` of the service, and what the proxy lets through",
    retry: "waiting",
  },
  "source/push-refused": {
    cause: "the state repository takes no branch from the controller, which was to propose a change there",
    remedy:
      "let the controller's credentials push branches below `fairlead/`, or set `propose: off`; the halt holds without it",
    retry: "waiting",
  },
  "source/ref-not-found": {
    cause:
      "the name leads to no commit: a short name is a branch and nothing else, so that nobody takes it over by a tag",
    remedy:
      "push that branch, name another one, or write it in full: `refs/tags/v1`, or all digits of a commit",
    retry: "waiting",
  },
  "source/repository-unreachable": {
    cause: "the repository is not there, cannot be fetched, or the mirror cannot be written",
    remedy: "check the address, the network, the credentials and the free space of the controller",
    retry: "waiting",
  },
  "source/timeout": {
    cause: "git did not finish, or sent nothing, for too long",
    remedy: "check the network and the load of the machine and of the git server",
    retry: "waiting",
  },
  "source/verifier-missing": {
    cause: "the program that checks signatures of commits could not be started",
    remedy: "install `ssh-keygen` (openssh-client) for SSH signatures and `gpg` (gnupg) for OpenPGP ones",
    retry: "stalled",
  },
} as const satisfies ErrorTable<{ readonly retry: RetryKind }>;
export type SourceErrorCode = keyof typeof SOURCE_ERRORS;

/** The state repository could not be read. The code decides the retry. */
export class SourceError extends DomainError<SourceErrorCode> {
  get retry(): RetryKind {
    return SOURCE_ERRORS[this.code].retry;
  }
}
