import type { Halt } from "../../protocol/policy.ts";
import { promotionName } from "../desired/overlay.ts";
import type { RolloutRecord } from "../fleet/store/records.ts";
import type { ChannelPicture } from "./channel-picture.ts";
import { type Need, type NeedProposal, need, proposing } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { rolloutPage } from "./page-paths.ts";
import { capital, codeSpan, count, grouped, listed } from "./phrases.ts";

/** Rollouts that nothing but a person moves on. */
export function rolloutNeeds(input: OverviewInput, pictures: readonly ChannelPicture[]): Need[] {
  return pictures.flatMap((picture) => {
    const { halted } = picture.channel;
    if (halted !== undefined) return haltedNeed(input, picture, halted);
    const { record } = picture;
    if (record === undefined || isPaused(picture)) return [];
    if (isUndecided(record)) return undecidedNeed(input, picture, record);
    return record.state === "held" ? heldNeed(input, picture, record) : [];
  });
}

/** A pause is told of by itself. */
function isPaused({ product, channel }: ChannelPicture): boolean {
  return [product.fleet.paused, product.paused, channel.paused].some((pause) => pause !== undefined);
}

/** Enough failed for a halt, but too many of them at one tenant: the gate leaves it to a person. */
function isUndecided({ judgement: { gate } }: RolloutRecord): boolean {
  return gate?.verdict === "inconclusive" && gate.tests.some(({ evidence, needed }) => evidence >= needed);
}

function undecidedNeed({ tenants }: OverviewInput, picture: ChannelPicture, record: RolloutRecord): Need[] {
  // Whose machines those are is told to those alone who may see all.
  if (tenants !== null) return [];
  const { productName, channelName, channel } = picture;
  const { version, commit } = channel.current;
  const { reason = "", capped = [] } = record.judgement.gate ?? {};
  const [most] = capped;
  const where =
    most === undefined ? "" : ` Most of them at ${most.tenant === "" ? "no tenant" : most.tenant}.`;
  return [
    need(promotionName(record), {
      kind: "undecided",
      since: record.since,
      what: `${productName} / ${channelName} ${version}`,
      why: `${capital(reason)}.${where} It goes on meanwhile.`,
      subject: { product: productName, channel: channelName, version, commit },
      action: {
        label: "Halt or go on",
        page: rolloutPage(productName, channelName),
        commands: [
          `fairlead yank ${version} --product ${productName} --reason "..."`,
          `fairlead pause --channel ${channelName} --product ${productName} --reason "..."`,
        ],
        ...proposing(tenants, [
          yank(productName, version),
          {
            label: `Pause ${channelName}`,
            title: `Pause ${productName} / ${channelName}`,
            change: { kind: "pause", product: productName, channel: channelName },
          },
        ]),
      },
    }),
  ];
}

function haltedNeed(input: OverviewInput, picture: ChannelPicture, halted: Halt): Need {
  const { productName, channelName, channel } = picture;
  const { version, commit } = channel.current;
  const of = `--product ${productName}`;
  const platform = haltedOn(picture);
  return need(promotionName({ product: productName, channel: channelName, version, commit }), {
    kind: "halted",
    since: halted.at,
    what: `${productName} / ${channelName} ${version}`,
    why: [whyHalted(input, picture, halted), unharmed(input, picture), "Nobody else gets it."]
      .filter((sentence) => sentence !== "")
      .join(" "),
    subject: { product: productName, channel: channelName, version, commit },
    action: {
      label: "Yank or resume",
      page: rolloutPage(productName, channelName),
      commands: [
        `fairlead yank ${version} ${of}${platform === undefined ? "" : ` --platform ${platform}`} --reason "..."`,
        `fairlead resume --channel ${channelName} ${of} --halt --reason "..."`,
      ],
      ...proposing(input.tenants, [
        yank(productName, version, platform),
        {
          label: "Resume it",
          title: `Resume ${version} on ${channelName}`,
          change: { kind: "resume-halt", product: productName, channel: channelName },
        },
      ]),
    },
    link: { label: "Evidence", page: rolloutPage(productName, channelName) },
  });
}

function yank(product: string, version: string, platform?: string): NeedProposal {
  const change = { kind: "yank", product, version } as const;
  if (platform === undefined) return { label: `Yank ${version}`, title: `Yank ${version}`, change };
  return {
    label: `Yank it on ${platform}`,
    title: `Yank ${version} on ${platform}`,
    change: { ...change, platforms: [platform], reason: `fails on ${platform}` },
  };
}

/** The platform whose failures explain the halt, where there are others that might go on without it. */
function haltedOn({ channel: { halted }, record }: ChannelPicture): string | undefined {
  const gate = record?.judgement.gate;
  if (halted?.by !== "gate" || gate?.verdict !== "halt") return undefined;
  if (gate.stratum?.dimension === "platform") return gate.stratum.value;
  const platforms = gate.tests.filter(({ dimension, counted }) => dimension === "platform" && counted > 0);
  const [worst] = platforms.toSorted((a, b) => b.failures - a.failures);
  // Three of four failures on one platform, as on the rollout's own page.
  const explains = worst !== undefined && worst.failures > 0 && worst.failures * 4 >= gate.failures * 3;
  return explains && platforms.length > 1 ? worst.value : undefined;
}

function whyHalted({ tenants, causes }: OverviewInput, picture: ChannelPicture, halted: Halt): string {
  const { productName, channel, record, tally } = picture;
  const { version } = channel.current;
  const cause = causes.find((one) => one.product === productName && one.version === version)?.signature;
  const by = cause === undefined ? "" : ` with ${codeSpan(cause)}`;
  // The gate's sentence counts the machines of all.
  if (tenants !== null) {
    const { failed = 0, offered = 0 } = tally ?? {};
    if (failed === 0) return "This version is known to fail; none of your machines has.";
    return `${grouped(failed)} of ${count(offered, "machine")} that were offered it failed${by}.`;
  }
  const gate = record?.judgement.gate;
  if (halted.by !== "gate" || gate === null || gate === undefined || gate.verdict !== "halt") {
    return `${halted.by === "gate" ? "The gate" : "A commit"} halted it: ${halted.reason}.`;
  }
  const { stratum } = gate;
  const test = gate.tests.find(
    ({ dimension, value }) => dimension === stratum?.dimension && value === stratum?.value,
  );
  const { failures, counted } = test ?? gate;
  if (counted === 0) return `The gate halted it: ${gate.reason}.`;
  const who = stratum === undefined ? "" : `${stratumName(stratum)}: `;
  return `${who}${grouped(failures)} of ${grouped(counted)} failed${by}.`;
}

/** `linux-arm64`, `glibc 2.31` */
function stratumName({ dimension, value }: { readonly dimension: string; readonly value: string }): string {
  return dimension === "platform" ? value : `${dimension} ${value}`;
}

/** What those run that it failed on: that nothing is broken there. */
function unharmed({ fleet }: OverviewInput, { productName, channelName, channel }: ChannelPicture): string {
  const failing = fleet.failing.filter(
    (row) => row.product === productName && row.channel === channelName && row.version !== null,
  );
  const broken = sum(failing.filter(({ version }) => version === channel.current.version));
  if (failing.length === 0) return "";
  // Not how many: of some the last that failed was another version.
  if (broken > 0)
    return `${count(broken, "machine")} whose last attempt failed ${broken === 1 ? "runs" : "run"} it.`;
  return `Those that failed run ${listed([...new Set(failing.flatMap(({ version }) => version ?? []))])}.`;
}

function sum(rows: readonly { readonly devices: number }[]): number {
  return rows.reduce((total, { devices }) => total + devices, 0);
}

function heldNeed({ tenants }: OverviewInput, picture: ChannelPicture, record: RolloutRecord): Need {
  const { productName, channelName, channel, isYanked } = picture;
  const { version, commit } = channel.current;
  const base = {
    kind: "held",
    since: record.since,
    what: `${productName} / ${channelName} ${version}`,
    subject: { product: productName, channel: channelName, version, commit },
  } as const;
  const name = promotionName(record);
  const page = rolloutPage(productName, channelName);
  if (isYanked) {
    const { offers } = picture;
    const falls = offers === undefined ? "nothing is left to offer" : `machines get ${offers} meanwhile`;
    return need(name, {
      ...base,
      why: `${version} is yanked, and the channel still points to it; ${falls}.`,
      action: {
        label: "Promote another",
        page,
        commands: [`fairlead promote VERSION --to ${channelName} --product ${productName}`],
      },
    });
  }
  const reason = tenants === null ? record.reason : "the next wave waits for a person";
  return need(name, {
    ...base,
    why: `${capital(reason)}.`,
    action: {
      label: "Open the next wave",
      page,
      commands: [`fairlead advance ${channelName} --product ${productName}`],
      ...proposing(tenants, [
        {
          label: "Open the next wave",
          title: `Open the next wave of ${productName} ${version} on ${channelName}`,
          change: { kind: "advance", product: productName, channel: channelName },
        },
      ]),
    },
  });
}
