import type { TrustProblem, TrustProblemKind } from "../trust/verify-trust.ts";
import type { Finding, RuleContext } from "./rule.ts";
import { trustVerdict } from "./trust-verdict.ts";

/** The problems of the given kinds as findings of a rule. */
export function* trustFindings(
  context: RuleContext,
  kinds: readonly TrustProblemKind[],
  accepts: (problem: TrustProblem) => boolean = () => true,
): Generator<Finding> {
  for (const problem of trustVerdict(context)?.problems ?? []) {
    if (!kinds.includes(problem.kind) || !accepts(problem)) continue;
    yield { message: problem.message, at: { file: problem.file }, help: problem.help };
  }
}
