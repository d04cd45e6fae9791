import { canonicalJson } from "../../protocol/canonical-json.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import { applyOverlaysTo } from "../desired/apply-overlays.ts";
import type { Overlay } from "../desired/overlay.ts";
import { promotionsBegan, startByCommits, startPromotions } from "../desired/start-promotions.ts";
import type { PublishedManifest } from "./published-manifest.ts";

export interface PublicationContext {
  /** The commit that is published. */
  readonly commit: string;
  /** The keys were made at this start, so that no machine can trust them from before. */
  readonly keysAreNew: boolean;
  /** What the controller adds to policy by itself. */
  readonly overlays: readonly Overlay[];
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * The policies of all products as they are published. Every promotion begins: where nothing was published as far as this
 * controller knows, it cannot tell a first start from a lost state folder, so all begin now; unless the keys are new: then
 * no machine has seen anything, and the commits' own times are as good as any.
 *
 * What the controller adds by itself comes after that, since it belongs to promotions that have begun. A policy that says what the published one says keeps the commit that this one names, so that it is the same document:
 * nobody has to sign, store or fetch it again.
 *
 * @param published what was published last; absent: nothing, or nobody knows
 */
export function publishedPolicies(
  desired: ReadonlyMap<string, ProductPolicy>,
  published: PublishedManifest["products"] | undefined,
  context: PublicationContext,
): ReadonlyMap<string, ProductPolicy> {
  const policies = desired
    .entries()
    .map(([name, policy]): [string, ProductPolicy] => [
      name,
      published === undefined && context.keysAreNew
        ? { ...withOverlays(startByCommits(policy, context.now), undefined, context), commit: context.commit }
        : publishedPolicy(policy, published?.get(name)?.policy, context),
    ]);
  return new Map(policies);
}

/** What was published last for a desire: most are the same at the next commit. */
const knownPolicies = new KeptByIdentity<ProductPolicy, ProductPolicy>();

function publishedPolicy(
  desired: ProductPolicy,
  published: ProductPolicy | undefined,
  context: PublicationContext,
): ProductPolicy {
  const { commit, now, overlays } = context;
  const known = knownPolicies.get(desired);
  const isAddedTo = overlays.some(({ product }) => product === desired.product);
  if (known !== undefined && known === published && !isAddedTo && promotionsBegan(known, now)) return known;
  const begun = withOverlays(startPromotions(published, desired, now), published, context);
  const isSame = published !== undefined && saysTheSame(published, begun);
  const policy = { ...begun, commit: isSame ? published.commit : commit };
  knownPolicies.set(desired, policy);
  return policy;
}

function withOverlays(
  policy: ProductPolicy,
  published: ProductPolicy | undefined,
  { overlays }: PublicationContext,
): ProductPolicy {
  return applyOverlaysTo(
    policy,
    overlays.filter(({ product }) => product === policy.product),
    published,
  );
}

function saysTheSame(a: ProductPolicy, b: ProductPolicy): boolean {
  return canonicalJson({ ...a, commit: "" }) === canonicalJson({ ...b, commit: "" });
}
