import type { Logger } from "pino";
import type { StandingProposal } from "../desired/proposal.ts";

/** Writes what a person cares about: each proposal once, and why one cannot be made once until that changes. */
export class ProposalLog {
  private readonly log: Logger;
  private last: ReadonlyMap<string, StandingProposal> = new Map();

  constructor(log: Logger) {
    this.log = log;
  }

  /** All that stand now. */
  standing(proposals: readonly StandingProposal[]): void {
    for (const proposal of proposals) {
      if (lineOf(proposal) !== lineOf(this.last.get(proposal.branch))) this.write(proposal);
    }
    this.last = new Map(proposals.map((proposal) => [proposal.branch, proposal]));
  }

  private write(proposal: StandingProposal): void {
    const { branch, state, commit, failure } = proposal;
    switch (state) {
      case "open":
        this.log.info({ event: "proposal.open", branch, commit }, `proposed on branch ${branch}`);
        return;
      case "found":
        this.log.warn(
          { event: "proposal.found", branch },
          `branch ${branch} is there already and stays as it is: merge it, or delete it`,
        );
        return;
      case "failed":
        this.log.error(
          { event: "proposal.failed", branch, code: failure?.code, help: failure?.help },
          `branch ${branch} cannot be made: ${failure?.message ?? ""}; it is tried again`,
        );
        return;
    }
  }
}

function lineOf(proposal: StandingProposal | undefined): string {
  return JSON.stringify([
    proposal?.state,
    proposal?.commit,
    proposal?.failure?.code,
    proposal?.failure?.message,
  ]);
}
