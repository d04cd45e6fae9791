import { decide } from "../../../protocol/decide.ts";
import type { Decision } from "../../../protocol/decision.ts";
import type { ChannelPolicy, ProductPolicy } from "../../../protocol/policy.ts";
import { printable } from "../../../protocol/printable.ts";
import { releasesForFormat } from "../../../protocol/releases-for-format.ts";
import type { VersionCount } from "../../fleet/store/fleet-store.ts";
import type { ManifestView, ServedProduct } from "../manifest/served-manifest.ts";
import { withPlainHalts } from "./plain-halts.ts";

/**
 * `current`: it runs what its channel offers. `way`: a signed way leads there, now or in its turn. `ahead`: it runs
 * something newer and stays. `nothing-offered`: the channel has no active version. `stranded`: no way leads there.
 */
export type WayStanding = "current" | "way" | "ahead" | "nothing-offered" | "stranded";

/** How machines of one kind get to what their channel offers. */
export interface SignedWay {
  readonly product: string;
  readonly channel: string | null;
  readonly platform: string;
  /** How it is installed there. */
  readonly format: string;
  readonly version: string;
  readonly devices: number;
  readonly standing: WayStanding;
  /** Where it leads. */
  readonly target?: string;
  /** For people. */
  readonly text: string;
}

/**
 * Whether from each version that machines run a signed way leads to what their channel offers. It is what `decide` says when
 * nothing but the way counts: nothing is paused, waves and windows are open, and no requirement is held against a machine.
 *
 * @param counts by product
 * @param now    seconds since 1970
 */
export function signedWays(
  manifest: Pick<ManifestView, "products">,
  counts: ReadonlyMap<string, readonly VersionCount[]>,
  now: number,
): SignedWay[] {
  return [...counts].flatMap(([product, rows]) => {
    const served = manifest.products.get(product);
    const open =
      served === undefined ? undefined : { ...served, policy: onlyWays(withPlainHalts(served.policy)) };
    return rows.flatMap(({ version, platform, format, channel, devices }): SignedWay[] => {
      if (version === null) return [];
      const kind = { product, channel, platform, format, version: printable(version, 64), devices };
      return [{ ...kind, ...wayOf(open, { version, platform, format, channel }, now) }];
    });
  });
}

function wayOf(
  product: Pick<ServedProduct, "policy" | "releases"> | undefined,
  { version, platform, format, channel }: Omit<VersionCount, "devices">,
  now: number,
): Pick<SignedWay, "standing" | "target" | "text"> {
  if (product === undefined) return { standing: "stranded", text: "the manifest has no such product" };
  const decision = decide(
    { product: product.policy },
    releasesForFormat(product.releases, format),
    { id: "", platform },
    { version },
    { updateNow: true, ...(channel === null ? {} : { channel }) },
    now,
  );
  const target = "target" in decision && decision.target !== undefined ? { target: decision.target } : {};
  return { standing: standingOf(decision), ...target, text: textOf(decision) };
}

function standingOf(decision: Decision): WayStanding {
  switch (decision.action) {
    case "stay":
      return "current";
    case "none":
      return "nothing-offered";
    // Both come after the way was found: what is left is a matter of time.
    case "wait":
    case "update":
    case "rollback":
      return "way";
    case "refuse":
      return decision.code === "downgrade-not-declared" ? "ahead" : "stranded";
    case "paused":
      return "stranded";
  }
}

function textOf(decision: Decision): string {
  if (decision.action === "update" || decision.action === "rollback")
    return `by ${decision.path.join(", then ")}`;
  return decision.trail.at(-1)?.text ?? decision.action;
}

/** The policy without what stands in a machine's way for a time only. */
function onlyWays(policy: ProductPolicy): ProductPolicy {
  const { paused: _, ...product } = policy;
  const { paused: __, pin: ___, unknownDevices: ____, ...fleet } = policy.fleet;
  const channels = Object.entries(policy.channels).map(([name, channel]) => [name, withoutPause(channel)]);
  return {
    ...product,
    fleet: { ...fleet, localOverrides: "allow" },
    channels: Object.fromEntries(channels),
  };
}

function withoutPause({ paused: _, rollout: __, ...channel }: ChannelPolicy): ChannelPolicy {
  return channel;
}
