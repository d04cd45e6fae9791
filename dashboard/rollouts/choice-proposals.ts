import type { ProposalBody } from "../api/types.ts";
import type { Choice, RolloutReport } from "./rollout-types.ts";

type Proposal = Omit<ProposalBody, "base" | "dryRun">;

/** A commit that a person may look at before it is made. */
export interface ChoiceProposal {
  /** On the button. */
  readonly label: string;
  readonly title: string;
  readonly proposal: Proposal;
}

/** The commits that a choice is made of, in their order: one button each, beside the commands that do the same. */
export function proposalsOf(
  { kind, commands }: Choice,
  { product, channel, version, next }: Pick<RolloutReport, "product" | "channel" | "version" | "next">,
): ChoiceProposal[] {
  const first = commands[0] ?? "";
  switch (kind) {
    case "leave-out": {
      const platform = /--platform (\S+)/.exec(first)?.[1];
      if (platform === undefined) return [];
      const reason = `fails on ${platform}`;
      const yank: ChoiceProposal = {
        label: "Propose yank",
        title: `Yank ${version} on ${platform}`,
        proposal: { kind: "yank", product, version, platforms: [platform], reason },
      };
      // Where nothing is halted, the others go on by themselves.
      return next.kind === "halted"
        ? [yank, resumeHalt(product, channel, version, `only ${platform} failed, which is left out`)]
        : [yank];
    }
    case "resume":
      return [resumeHalt(product, channel, version, "")];
    case "roll-back": {
      const to = /--to (\S+)/.exec(first)?.[1];
      if (to === undefined) return [];
      return [
        {
          label: "Propose rollback",
          title: `Roll ${channel} back to ${to}`,
          proposal: { kind: "rollback", product, channel, version: to },
        },
      ];
    }
    case "take-back":
      return [
        { label: "Propose yank", title: `Yank ${version}`, proposal: { kind: "yank", product, version } },
      ];
    case "unyank":
      return [
        {
          label: "Propose unyank",
          title: `Offer ${version} again`,
          proposal: { kind: "unyank", product, version },
        },
      ];
    case "advance":
      return [
        {
          label: "Propose advance",
          title: `Open the next wave of ${version}`,
          proposal: { kind: "advance", product, channel },
        },
      ];
    case "pause":
      return [
        { label: "Propose pause", title: `Pause ${channel}`, proposal: { kind: "pause", product, channel } },
      ];
    case "unpause": {
      const scope = /--channel /.test(first)
        ? { product, channel }
        : /--product /.test(first)
          ? { product }
          : { fleet: true as const };
      return [{ label: "Propose resume", title: "Let it go on", proposal: { kind: "resume", ...scope } }];
    }
  }
}

function resumeHalt(product: string, channel: string, version: string, reason: string): ChoiceProposal {
  return {
    label: "Propose resume",
    title: `Resume ${version} on ${channel}`,
    proposal: { kind: "resume-halt", product, channel, ...(reason === "" ? {} : { reason }) },
  };
}
