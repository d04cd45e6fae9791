import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { type VerifiedTrust, verifyTrust } from "../trust/verify-trust.ts";
import type { RuleContext } from "./rule.ts";

const verdicts = new KeptByIdentity<RuleContext, VerifiedTrust>();

/** What verifying the `trust/` folder gave, once for all rules of a run; `undefined` where there is no such folder. */
export function trustVerdict(context: RuleContext): VerifiedTrust | undefined {
  const { trust } = context.state;
  if (trust === undefined) return undefined;
  return verdicts.of(context, ({ now }) => verifyTrust(trust, now));
}
