import { type Proposal, proposalBranch, type StandingProposal } from "../desired/proposal.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { type KeptProposal, type KeptProposals, standingOf } from "./kept-proposals.ts";
import {
  type DeviceCounts,
  productsToCount,
  type ServedPolicies,
  wantedProposals,
} from "./wanted-proposals.ts";

/** What is served. */
export interface ServedForProposals {
  readonly commit: string;
  readonly products: ServedPolicies;
}

export interface ProposalLoopParts {
  readonly kept: Pick<KeptProposals, "find" | "add">;
  /**
   * Makes the branch of a proposal on top of a commit.
   *
   * @returns the new commit; `undefined`: there is a branch of that name already
   * @throws what prevents it; it is tried again
   */
  readonly write: (proposal: Proposal, commit: string) => Promise<string | undefined>;
  /** Asks how many devices run which version of these products; never rejects. */
  readonly countDevices: (products: readonly string[]) => Promise<DeviceCounts>;
  /** What a failure is called. */
  readonly failureOf: (error: unknown) => NonNullable<StandingProposal["failure"]>;
  /** How all that stand are, after each look that changed something. */
  readonly report: (standing: readonly StandingProposal[]) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds between two looks when nothing happens: a soak time ends by itself, and devices report. */
const LOOK_MS = 3 * 60_000;
/** First and longest wait before what failed is tried again, milliseconds. */
const RETRY_MS = { first: 5_000, longest: 10 * 60_000 } as const;

/**
 * Proposes to git what the controller has found: at each manifest that is served, and every few minutes. It goes beside
 * reconciles and halts, which never wait for it.
 *
 * A branch is made once and never changed. Once its proposal is merged, or the channel has moved on, it is people's.
 */
export class ProposalLoop {
  private readonly parts: ProposalLoopParts;
  private readonly lookMs: number;
  private served: ServedForProposals | undefined;
  private model: FleetModel | undefined;
  private failed = new Map<string, StandingProposal>();
  private failures = 0;
  private said = "[]";
  private isStarted = false;
  private isStopped = false;
  private isDue = false;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param lookMs between two looks when nothing happens */
  constructor(parts: ProposalLoopParts, lookMs: number = LOOK_MS) {
    this.parts = parts;
    this.lookMs = lookMs;
  }

  start(): void {
    this.isStarted = true;
    this.look();
  }

  /** The state of a commit that is about to be served. */
  takeModel(model: FleetModel): void {
    this.model = model;
  }

  /** This is served from now on. Returns at once. */
  takeManifest({ commit, products }: ServedForProposals): void {
    this.served = { commit, products };
    this.look();
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private look(): void {
    if (!this.isStarted || this.isStopped) return;
    this.isDue = true;
    clearTimeout(this.timer);
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    let isFine = true;
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      isFine = await this.lookAtAll();
    }
    if (this.isStopped) return;
    this.failures = isFine ? 0 : this.failures + 1;
    const retryMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** Math.min(this.failures - 1, 16));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), isFine ? this.lookMs : retryMs);
  }

  /** @returns whether all that should be proposed is */
  private async lookAtAll(): Promise<boolean> {
    const { served } = this;
    if (served === undefined) return true;
    // Between the two messages of a publication they are of two commits: the next manifest comes in a moment.
    const model = this.model?.commit === served.commit ? this.model : undefined;
    const counted = model === undefined ? [] : productsToCount(model);
    const counts = counted.length === 0 ? undefined : await this.parts.countDevices(counted);
    const wanted = wantedProposals(served.products, model, counts, this.parts.now());
    const standing: StandingProposal[] = [];
    for (const proposal of wanted) {
      if (this.isStopped) return true;
      standing.push(await this.propose(proposal, served.commit));
    }
    if (this.isStopped) return true;
    const failed = standing.filter(({ state }) => state === "failed");
    this.failed = new Map(failed.map((one) => [one.branch, one]));
    this.tell(standing);
    return failed.length === 0;
  }

  private async propose(proposal: Proposal, commit: string): Promise<StandingProposal> {
    const { kept, now } = this.parts;
    const branch = proposalBranch(proposal);
    const known = kept.find(branch, proposal);
    if (known !== undefined) return standingOf(proposal, known);
    try {
      const made = await this.parts.write(proposal, commit);
      const { since } = proposal;
      const added: KeptProposal =
        made === undefined
          ? { branch, since, state: "found", at: now() }
          : { branch, since, state: "open", commit: made, at: now() };
      kept.add(added);
      return standingOf(proposal, added);
    } catch (error) {
      const failure = this.parts.failureOf(error);
      const { kind, product, channel, version } = proposal;
      const at = this.failed.get(branch)?.at ?? now();
      return { kind, product, channel, version, branch, state: "failed", at, failure };
    }
  }

  private tell(standing: readonly StandingProposal[]): void {
    const said = JSON.stringify(standing);
    if (said === this.said) return;
    this.said = said;
    this.parts.report(standing);
  }
}
