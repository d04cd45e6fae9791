import type { JSX } from "preact";
import type { NeedProposal } from "../api/types.ts";
import { Button } from "../parts/button.tsx";

interface ProposalButtonsProps {
  readonly proposals: readonly NeedProposal[];
  readonly onChoose: (proposal: NeedProposal) => void;
  /** The first of them is what to do first in the view. */
  readonly first?: boolean;
  readonly small?: boolean;
}

/** One button for each commit that a person may choose to look at. */
export function ProposalButtons({
  proposals,
  onChoose,
  first = false,
  small = false,
}: ProposalButtonsProps): JSX.Element {
  return (
    <>
      {proposals.map((proposal, index) => (
        <Button
          key={proposal.title}
          first={first && index === 0}
          small={small}
          label={`${proposal.label}: look at the commit`}
          onPress={() => onChoose(proposal)}
        >
          {proposal.label}
        </Button>
      ))}
    </>
  );
}
