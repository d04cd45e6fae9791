/**
 * What the controller proposes to git by itself: one commit on a branch of its own, which people merge or delete. It
 * never changes what is served.
 */
export type Proposal = HaltProposal | PromotionProposal;

interface ProposalKey {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** What it follows from began then, seconds since 1970: the same version may be halted, resumed and halted again. */
  readonly since: number;
}

/** The gate has halted the version, and no commit says so. */
export interface HaltProposal extends ProposalKey {
  readonly kind: "halt";
  /** One sentence with the numbers. */
  readonly reason: string;
}

/** The channel should follow another one, and its time has come. */
export interface PromotionProposal extends ProposalKey {
  readonly kind: "promotion";
  /** The channel that it follows. */
  readonly from: string;
  /** What its conditions have found. */
  readonly why: string;
}

/** A proposal that stands: what it follows from is still so, and git does not say it yet. */
export interface StandingProposal {
  readonly kind: Proposal["kind"];
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly branch: string;
  /**
   * `open`: the branch was made. `found`: a branch of that name was there before, and is left as it is. `failed`: it
   * cannot be made for now, and is tried again.
   */
  readonly state: "open" | "found" | "failed";
  /** Of `open`: the commit on the branch. */
  readonly commit?: string;
  /** Since when it is in this state, seconds since 1970. */
  readonly at: number;
  /** Of `failed`. */
  readonly failure?: { readonly code: string; readonly message: string; readonly help?: string };
}

/** A version that is proposed twice has the same branch, so nobody is asked the same thing on two. */
export function proposalBranch({
  kind,
  product,
  channel,
  version,
}: Pick<StandingProposal, "kind" | "product" | "channel" | "version">): string {
  const verb = kind === "halt" ? "halt" : "promote";
  return `fairlead/${verb}-${product}-${channel}-${version}`;
}
