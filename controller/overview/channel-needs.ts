import type { StandingProposal } from "../desired/proposal.ts";
import type { ChannelLag } from "../state/channel-lag.ts";
import { type ChannelPicture, channelCounts } from "./channel-picture.ts";
import { type Need, need, proposing } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { rolloutPage } from "./page-paths.ts";
import { grouped, span } from "./phrases.ts";

/** Channels that somebody should point to something newer. */
export function channelNeeds(input: OverviewInput, pictures: readonly ChannelPicture[]): Need[] {
  const stale = pictures.flatMap(({ stale: lag }) => (lag === undefined ? [] : staleNeed(input, lag)));
  return [...stale, ...proposalNeeds(input)];
}

function staleNeed(input: OverviewInput, lag: ChannelLag): Need {
  const { product, channel, version, waiting, from, since, freshUntil } = lag;
  const page = rolloutPage(product, channel);
  return need(`${product}/${channel}`, {
    kind: "stale",
    since: freshUntil,
    what: `${product} / ${channel} stays on ${version}`,
    why: `${whatWaits(input, lag)}; its \`staleAfter\` is ${span(freshUntil - since)}.`,
    subject: { product, channel, version },
    action: {
      label: `Promote ${waiting}`,
      page,
      commands: [
        from === undefined
          ? `fairlead promote ${waiting} --to ${channel} --product ${product}`
          : `fairlead promote --from ${from} --to ${channel} --product ${product}`,
      ],
      ...proposing(input.tenants, [
        {
          label: `Promote ${waiting}`,
          title: `Promote ${product} ${waiting} to ${channel}`,
          change: { kind: "promote", product, channel, version: waiting },
        },
      ]),
    },
  });
}

function whatWaits({ fleet, now }: OverviewInput, { product, from, waiting, since }: ChannelLag): string {
  if (from === undefined) return `${waiting} has been out for ${span(now - since)}`;
  const counts = channelCounts(fleet.versions).get(`${product}/${from}`);
  const machines = counts?.machines ?? 0;
  const running =
    machines === 0 ? "" : `, ${grouped(counts?.byVersion.get(waiting) ?? 0)} of ${grouped(machines)} run it`;
  return `${product} / ${from} has had ${waiting} for ${span(now - since)}${running}`;
}

/** What waits on a branch for somebody to merge it, or cannot be put there. */
function proposalNeeds({ tenants, controller }: OverviewInput): Need[] {
  if (tenants !== null) return [];
  return controller.proposals.map((proposal) => {
    const { kind, product, channel, version, branch, state, at } = proposal;
    return need(`${kind} ${product}/${channel}/${version}`, {
      kind: "proposed",
      since: at,
      what:
        kind === "halt"
          ? `Halt ${product} ${version} on ${channel}`
          : `Promote ${product} ${version} to ${channel}`,
      why: whyProposed(proposal),
      subject: {
        product,
        channel,
        version,
        ...(proposal.commit === undefined ? {} : { commit: proposal.commit }),
      },
      action: {
        label: state === "failed" ? "Look at it" : "Merge the branch",
        page: rolloutPage(product, channel),
        commands: state === "failed" ? ["fairlead status"] : [`git merge origin/${branch}`],
      },
    });
  });
}

function whyProposed({ branch, state, failure }: StandingProposal): string {
  switch (state) {
    case "open":
      return `Branch \`${branch}\` says so and waits to be merged.`;
    case "found":
      return `Branch \`${branch}\` was there before and is left as it is.`;
    case "failed":
      return `Branch \`${branch}\` cannot be made: ${failure?.message ?? "no reason was given"}.`;
  }
}
