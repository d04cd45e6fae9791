import { DomainError } from "../../protocol/domain-error.ts";

/** Why metadata, or what it speaks of, is not trusted. */
export const TRUST_ERRORS = {
  "trust/no-root": {
    cause: "there is no trusted root in the agent's store: the machine was never enrolled",
    remedy: "enrol the machine, with the root that its operator hands out",
  },
  "trust/damaged-root": {
    cause: "the trusted root in the agent's store is damaged, and so is its spare",
    remedy: "check the disk, then enrol the machine again with `fairlead-agent enroll --force`",
  },
  "trust/store-unusable": {
    cause: "the folder of the trusted metadata cannot be read or written",
    remedy: "check the free space and the rights of the folder that the message names",
  },
  "trust/malformed": {
    cause: "a file is not a document of the role that it was asked for as",
    remedy: "check that the metadata address is a TUF repository and that nothing on the way rewrites it",
  },
  "trust/spec-version": {
    cause: "the repository is written in another major version of TUF",
    remedy: "update the agent by hand",
  },
  "trust/signature-threshold": {
    cause: "fewer keys than must have signed a role",
    remedy: "do not trust the repository; ask whoever runs it whether its keys were changed",
  },
  "trust/expired": {
    cause:
      "the signed metadata is no longer valid: nobody has signed it again, or somebody withholds what is new",
    remedy: "check the machine's clock; if it is right, whoever runs the repository must sign anew",
  },
  "trust/version-rollback": {
    cause: "the repository serves older metadata than the machine has verified before",
    remedy: "try again later or use another mirror",
  },
  "trust/version-mismatch": {
    cause: "a role has another version than the role that lists it says",
    remedy: "try again later or use another mirror",
  },
  "trust/hash-mismatch": {
    cause: "the bytes of a file are not those that were signed",
    remedy: "compare with another network: a proxy, a virus scanner or a damaged mirror changed them",
  },
  "trust/length-exceeded": {
    cause: "a file is longer than was signed, or than the agent reads",
    remedy: "compare with another network; if it stays, ask whoever runs the repository",
  },
  "trust/length-mismatch": {
    cause: "a file is shorter or longer than was signed",
    remedy: "try again later or use another mirror",
  },
  "trust/bad-root-chain": {
    cause: "a root is not the direct successor of the trusted one, or there are too many new ones",
    remedy: "serve every root from the first on, each under its own version",
  },
  "trust/clock-backward": {
    cause: "the machine's clock is behind a time at which it has verified a repository",
    remedy: "set the machine's clock",
  },
  "trust/missing-role": {
    cause: "a role that was listed before is gone, or one that is needed is not listed",
    remedy: "publish the repository again: it is incomplete",
  },
  "trust/unknown-target": {
    cause: "no role that may speak for a file lists it",
    remedy: "check the name, or publish what it names",
  },
  "trust/wrong-role": {
    cause: "a file is listed by a role that may not speak for it",
    remedy: "ask whoever holds the targets key: the delegations of the repository are wrong",
  },
  "trust/wrong-document": {
    cause: "a policy document names another product or tenant than the one that it was published for",
    remedy: "check the name in the agent's configuration; if it is right, look at the controller",
  },
  "trust/online-key": {
    cause: "a key that signs online may also sign releases, so whoever takes the controller could",
    remedy: "ask whoever holds the targets key to give the releases a key of their own",
  },
  "trust/missing-file": {
    cause: "the repository does not have a file that it must have",
    remedy: "check the repository's address; if it is right, the repository is incomplete",
  },
} as const;

export type TrustErrorCode = keyof typeof TRUST_ERRORS;

/** Thrown by everything in `agent/trust/`. The message says what was expected and what was found. */
export class TrustError extends DomainError<TrustErrorCode> {}
