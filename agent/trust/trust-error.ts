import { DomainError } from "../../protocol/domain-error.ts";

/** Why metadata, or what it speaks of, is not trusted. */
export const TRUST_ERRORS = {
  "trust/no-root": {
    cause: "There is no trusted root in the agent's store: the machine was never enrolled.",
    remedy: "Enrol the machine, with the root that its operator hands out.",
  },
  "trust/store-unusable": {
    cause: "The folder of the trusted metadata cannot be read or written.",
    remedy: "Check the free space and the rights of the folder that the message names.",
  },
  "trust/malformed": {
    cause: "A file is not a document of the role that it was asked for as.",
    remedy: "Check that the metadata address is a TUF repository and that nothing on the way rewrites it.",
  },
  "trust/spec-version": {
    cause: "The repository is written in another major version of TUF.",
    remedy: "Update the agent by hand.",
  },
  "trust/signature-threshold": {
    cause: "Fewer keys than must have signed a role.",
    remedy: "Do not trust the repository; ask whoever runs it whether its keys were changed.",
  },
  "trust/expired": {
    cause:
      "The signed metadata is no longer valid: nobody has signed it again, or somebody withholds what is new.",
    remedy: "Check the machine's clock; if it is right, whoever runs the repository must sign anew.",
  },
  "trust/version-rollback": {
    cause: "The repository serves older metadata than the machine has verified before.",
    remedy: "Try again later or use another mirror.",
  },
  "trust/version-mismatch": {
    cause: "A role has another version than the role that lists it says.",
    remedy: "Try again later or use another mirror.",
  },
  "trust/hash-mismatch": {
    cause: "The bytes of a file are not those that were signed.",
    remedy: "Compare with another network: a proxy, a virus scanner or a damaged mirror changed them.",
  },
  "trust/length-exceeded": {
    cause: "A file is longer than was signed, or than the agent reads.",
    remedy: "Compare with another network; if it stays, ask whoever runs the repository.",
  },
  "trust/length-mismatch": {
    cause: "A file is shorter or longer than was signed.",
    remedy: "Try again later or use another mirror.",
  },
  "trust/bad-root-chain": {
    cause: "A root is not the direct successor of the trusted one, or there are too many new ones.",
    remedy: "Serve every root from the first on, each under its own version.",
  },
  "trust/clock-backward": {
    cause: "The machine's clock is behind a time at which it has verified a repository.",
    remedy: "Set the machine's clock.",
  },
  "trust/missing-role": {
    cause: "A role that was listed before is gone, or one that is needed is not listed.",
    remedy: "Publish the repository again: it is incomplete.",
  },
  "trust/unknown-target": {
    cause: "No role that may speak for a file lists it.",
    remedy: "Check the name, or publish what it names.",
  },
  "trust/wrong-role": {
    cause: "A file is listed by a role that may not speak for it.",
    remedy: "Ask whoever holds the targets key: the delegations of the repository are wrong.",
  },
  "trust/missing-file": {
    cause: "The repository does not have a file that it must have.",
    remedy: "Check the repository's address; if it is right, the repository is incomplete.",
  },
} as const;

export type TrustErrorCode = keyof typeof TRUST_ERRORS;

/** Thrown by everything in `agent/trust/`. The message says what was expected and what was found. */
export class TrustError extends DomainError<TrustErrorCode> {}
