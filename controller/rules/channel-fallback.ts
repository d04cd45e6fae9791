import { OFFERED_PROMOTIONS } from "../../protocol/policy.ts";
import type { ProductModel } from "../state/fleet-model.ts";
import { isYanked, yankedPlatforms } from "../state/product-versions.ts";
import type { BesideProduct } from "./rule.ts";

/**
 * What a channel offers in place of a version that it cannot offer: the last one that it pointed to before, as `decide`
 * chooses it.
 *
 * @param platform of the machines; `undefined`: where nothing is yanked for one platform alone
 * @returns `undefined`: nothing; `"unknown"`: without the history nobody can tell
 */
export function channelFallback(
  { histories }: Pick<BesideProduct, "histories">,
  product: ProductModel,
  channel: string,
  platform?: string,
): { readonly version: string } | "unknown" | undefined {
  const history = histories?.get(`${product.name}/${channel}`);
  if (history === undefined) return "unknown";
  const withdrawn = product.channels.get(channel)?.value.rollback?.from ?? [];
  return history.slice(0, OFFERED_PROMOTIONS).find(({ version, halted }) => {
    const release = product.versions.get(version);
    if (release === undefined || isYanked(release) || release.value.deadEnd !== undefined) return false;
    if (platform !== undefined && yankedPlatforms(release).includes(platform)) return false;
    return halted !== true && !withdrawn.includes(version);
  });
}

/** The fallback in words that follow what falls back. */
export function describeFallback(fallback: ReturnType<typeof channelFallback>): string {
  if (fallback === "unknown") return "it falls back to what it pointed to before";
  return fallback === undefined ? "nothing is offered" : `it falls back to \`${fallback.version}\``;
}
