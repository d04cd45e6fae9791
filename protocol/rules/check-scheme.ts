import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { signedScheme } from "../release.ts";

/**
 * Rule 5, before anything is compared: policy must count versions as the release key does. A range says one thing in
 * one scheme and another in the other (`>1.4` takes in 1.4.9 only as `dotted`), and what a device may step over and
 * go back to is not for whoever signs policy to widen.
 */
export function checkScheme(context: DecisionContext): RefuseDecision | undefined {
  const { policy, releases, productFolder } = context;
  const odd = releases.find((release) => signedScheme(release) !== policy.versionScheme);
  if (odd === undefined) return undefined;
  const text =
    `state counts versions as ${policy.versionScheme}, and the release key signed ${odd.version} ` +
    `as ${signedScheme(odd)}`;
  const where = `${productFolder}/product.yaml#/versionScheme`;
  return context.refuse("compare", "version-scheme-not-signed", text, { where });
}
