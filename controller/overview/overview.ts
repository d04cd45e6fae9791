import { channelNeeds } from "./channel-needs.ts";
import { channelPictures } from "./channel-picture.ts";
import { type ChannelRow, channelRow } from "./channel-rows.ts";
import { heading, lead, shortHeading } from "./headline.ts";
import { holdNeeds } from "./hold-needs.ts";
import { machineNeeds } from "./machine-needs.ts";
import type { Need } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { folded, ranked } from "./rank-needs.ts";
import { rolloutNeeds } from "./rollout-needs.ts";
import { type RunningVersions, runningVersions } from "./running-versions.ts";
import { securityNeeds } from "./security-needs.ts";
import { sourceNeeds } from "./source-needs.ts";
import { trustNeeds } from "./trust-needs.ts";

/** What needs a person: the page's first answer, and `fairlead status`'s. Times are seconds since 1970. */
export interface NeedsReport {
  readonly at: number;
  /** Of the manifest that is served; absent before the first. */
  readonly commit?: string;
  readonly signedAt?: number;
  readonly heading: string;
  /** The same for a browser's tab. */
  readonly title: string;
  readonly lead: string;
  /** How many things need a person, and how many of them cannot wait. */
  readonly waiting: number;
  readonly urgent: number;
  /** Those of one kind in one row where there are more than eight. */
  readonly needs: readonly Need[];
  /** When a version was last halted. */
  readonly lastHaltAt?: number;
}

/** The first view of the page. */
export interface Overview extends NeedsReport {
  readonly facts: FleetFacts;
  readonly products: readonly ProductOverview[];
}

/** Machines that are not gone. */
export interface FleetFacts {
  readonly machines: number;
  /** Heard of within a day. */
  readonly reporting: number;
  readonly updating: number;
  /** Attempts of the last day that put the version before back. */
  readonly putBack: number;
}

export interface ProductOverview {
  readonly name: string;
  /** Updated only where it is installed already. */
  readonly isCompanion: boolean;
  readonly minimum?: string;
  readonly channels: readonly ChannelRow[];
  readonly runs: RunningVersions;
}

/** Pure: equal inputs give equal answers. */
export function overview(input: OverviewInput): Overview {
  const { serving, fleet, now, tenants } = input;
  const pictures = channelPictures(input);
  const needs = ranked([
    ...rolloutNeeds(input, pictures),
    ...sourceNeeds(input),
    ...machineNeeds(input),
    ...securityNeeds(input),
    ...channelNeeds(input, pictures),
    ...trustNeeds(input),
    ...holdNeeds(input),
  ]);
  const { gone: _, silent, ...others } = fleet.states;
  const reporting = Object.values(others).reduce((sum, devices) => sum + devices, 0);
  const products = [...(serving?.products ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    at: now,
    ...(serving === undefined ? {} : { commit: serving.commit, signedAt: serving.signedAt }),
    heading: heading(needs),
    title: shortHeading(needs),
    lead: lead(needs, { channels: pictures.length, lastHaltAt: fleet.lastHaltAt, now }),
    waiting: needs.length,
    urgent: needs.filter(({ isNow }) => isNow).length,
    needs: folded(needs),
    ...(fleet.lastHaltAt === null ? {} : { lastHaltAt: fleet.lastHaltAt }),
    facts: {
      machines: reporting + silent,
      reporting,
      updating: fleet.states.updating,
      putBack: fleet.putBack,
    },
    products: products.flatMap(([name, { policy }]): ProductOverview[] => {
      const channels = pictures.filter(({ productName }) => productName === name);
      if (tenants !== null && channels.length === 0) return [];
      const minimum = policy.minVersion ?? policy.fleet.minVersion;
      return [
        {
          name,
          isCompanion: policy.ifInstalled === true,
          ...(minimum === undefined ? {} : { minimum }),
          channels: channels.map((picture) => channelRow(input, pictures, picture)),
          runs: runningVersions(
            policy,
            channels.map(({ channelName }) => channelName),
            fleet.versions,
          ),
        },
      ];
    }),
  };
}
