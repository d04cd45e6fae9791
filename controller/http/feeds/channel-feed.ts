import { sha256Hex } from "../../../protocol/digest.ts";
import type { Promotion } from "../../../protocol/policy.ts";
import type { Release } from "../../../protocol/release.ts";
import { rolloutStart } from "../../../protocol/waves.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";

/** What a channel has offered, as it is told outside. Times are seconds since 1970. */
export interface ChannelFeed {
  /** `urn:uuid:...`: of this fleet, product and channel for ever. */
  readonly id: string;
  readonly title: string;
  readonly updated: number;
  /** Newest first. */
  readonly entries: readonly FeedEntry[];
}

/** One promotion. */
export interface FeedEntry {
  /** The same for this promotion for ever. */
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** When it began. */
  readonly at: number;
  readonly isSecurity: boolean;
  /** Plain text. */
  readonly content: string;
}

/** Promotions in one feed. */
const MOST_ENTRIES = 32;
/** Characters of release notes in one entry. */
const MOST_NOTES = 20_000;

/**
 * The feed of a product-wide channel: which versions it has offered, since when, and what is new in them. It says nothing that
 * the policy of the product, which every machine can read, does not say; nothing of tenants, and not why something was
 * halted.
 *
 * @param now seconds since 1970; what begins later is not told yet
 * @returns `undefined` where there is no such channel
 */
export function channelFeed(
  { manifest, metadata }: ServedManifest,
  product: string,
  channel: string,
  now: number,
): ChannelFeed | undefined {
  const served = manifest.products.get(product);
  if (served === undefined || !Object.hasOwn(served.policy.channels, channel)) return undefined;
  const policy = served.policy.channels[channel];
  if (policy === undefined) return undefined;
  // The first root never changes: it tells fleets apart.
  const fleet = metadata.get("1.root.json")?.sha256 ?? "";
  const entries: FeedEntry[] = [];
  for (const promotion of [policy.current, ...policy.previous]) {
    const { at } = rolloutStart(policy, promotion);
    const release = served.findRelease(promotion.version);
    if (at > now || release === undefined || entries.length >= MOST_ENTRIES) continue;
    const isHalted = promotion === policy.current ? policy.halted !== undefined : promotion.halted === true;
    const isYanked = !release.active || served.policy.yanked.includes(promotion.version);
    const id = uuidOf([fleet, product, channel, promotion.version, promotion.commit]);
    entries.push(entryOf(id, product, promotion, at, release, { isHalted, isYanked }));
  }
  return {
    id: uuidOf([fleet, product, channel]),
    title: `${product}: ${channel}`,
    updated: Math.max(0, ...entries.map(({ at }) => at)),
    entries,
  };
}

function entryOf(
  id: string,
  product: string,
  { version }: Promotion,
  at: number,
  { severity, releaseNotes, deadEnd }: Release,
  { isHalted, isYanked }: { readonly isHalted: boolean; readonly isYanked: boolean },
): FeedEntry {
  const isSecurity = severity === "security";
  const marks = [
    ...(isSecurity ? ["[security] "] : []),
    ...(isYanked ? ["[withdrawn] "] : []),
    ...(isHalted ? ["[halted] "] : []),
  ];
  const notes = releaseNotes?.trim() ?? "";
  const content = [
    ...(isYanked ? ["This version has been withdrawn and is offered no more."] : []),
    ...(isHalted ? ["This version has been halted: nobody else gets it."] : []),
    ...(deadEnd === undefined ? [] : [`No way leads up from this version: ${deadEnd.reason}`]),
    notes === "" ? "There are no release notes." : notes.slice(0, MOST_NOTES),
  ];
  return {
    ...{ id, version, at, isSecurity },
    title: `${marks.join("")}${product} ${version}`,
    content: content.join("\n\n"),
  };
}

/** A name-based UUID (RFC 9562, version 8: the digest is SHA-256). */
function uuidOf(parts: readonly string[]): string {
  const hex = sha256Hex(JSON.stringify(parts));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
