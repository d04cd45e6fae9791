import { join } from "node:path";
import type { StandingProposal } from "../../desired/proposal.ts";
import { buildBranch } from "../../propose/build-branch.ts";
import { KeptProposals } from "../../propose/kept-proposals.ts";
import { ProposalLoop } from "../../propose/proposal-loop.ts";
import type { DeviceCounts } from "../../propose/wanted-proposals.ts";
import { faultOf } from "../../reconcile/fault.ts";
import { BranchWriter } from "../../source/branch-writer.ts";
import type { GitRepository } from "../../source/git-repository.ts";
import { readProduct } from "../../source/read-product.ts";
import type { ReconcilingOptions } from "../controller-options.ts";

/** What only the serving thread can do. */
export interface ProposalSide {
  readonly countDevices: (products: readonly string[]) => Promise<DeviceCounts>;
  readonly report: (standing: readonly StandingProposal[]) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Proposals as they run beside reconciles. */
export interface OpenProposals {
  readonly loop: ProposalLoop;
  /** Cuts off a push under way. */
  close(): Promise<void>;
}

/** Connects proposals to git and the state folder; `undefined`: they are off. */
export function openProposals(
  { source, stateFolder, propose }: ReconcilingOptions,
  repository: GitRepository,
  { countDevices, report, now }: ProposalSide,
): OpenProposals | undefined {
  if (propose === undefined) return undefined;
  const { location, path, access } = source;
  const writer = new BranchWriter({
    ...{ location, repository, access },
    folder: join(stateFolder, "proposals"),
    deadlineMs: source.fetchDeadlineMs,
  });
  const loop = new ProposalLoop({
    kept: new KeptProposals(stateFolder),
    async write(proposal, commit) {
      const files = await readProduct(repository, commit, path, proposal.product);
      return writer.write(buildBranch(proposal, files, propose.by, now()));
    },
    countDevices,
    failureOf: (error) => faultOf(error).cause,
    report,
    now,
  });
  return {
    loop,
    async close() {
      writer.close();
      await loop.stop();
    },
  };
}
