import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { KeptByIdentity } from "../kept-by-identity.ts";
import { type Release, type Releases, signedScheme } from "../release.ts";

/** Asked for each machine, and hardly ever more than one. */
const firstSigned = new KeptByIdentity<Releases, readonly Release[]>();

function firstOfEachScheme(releases: Releases): readonly Release[] {
  const found = new Map<string, Release>();
  for (const release of releases) {
    if (!found.has(signedScheme(release))) found.set(signedScheme(release), release);
  }
  return [...found.values()];
}

/**
 * Rule 5, before anything is compared: policy must count versions as the release key does. A range says one thing in
 * one scheme and another in the other (`>1.4` takes in 1.4.9 only as `dotted`), and what a device may step over and
 * go back to is not for whoever signs policy to widen.
 */
export function checkScheme(context: DecisionContext): RefuseDecision | undefined {
  const { policy, releases, productFolder } = context;
  const odd = firstSigned
    .of(releases, firstOfEachScheme)
    .find((release) => signedScheme(release) !== policy.versionScheme);
  if (odd === undefined) return undefined;
  const text =
    `state counts versions as ${policy.versionScheme}, and the release key signed ${odd.version} ` +
    `as ${signedScheme(odd)}`;
  const where = `${productFolder}/product.yaml#/versionScheme`;
  return context.refuse("compare", "version-scheme-not-signed", text, { where });
}
