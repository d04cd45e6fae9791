import { overlaysOf } from "../../desired/apply-overlays.ts";
import { redactSecrets } from "../../diagnostics/redact-secrets.ts";
import type { Finding, ServedLine, UnservedTip } from "../../preview/preview-service.ts";
import { describeOutcome, type RefusedOutcome } from "../../reconcile/outcome.ts";
import type { ServedState } from "../served-state.ts";

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Whether what is served is named by a full id of git. */
export function isCommitId(commit: string): boolean {
  return COMMIT.test(commit);
}

/** What the serving thread knows of the line of commits, for a question about it. It reads the policy of every product. */
export function servedLine(state: ServedState, now: number): ServedLine {
  const { serving, outcome } = state;
  const policies = [...(serving?.manifest.products.values() ?? [])].map(({ policy }) => policy);
  return { served: servedCommit(state), tip: tipOf(outcome), overlays: overlaysOf(policies), now };
}

/** The commit that is served; `null`: nothing is, or what lies in a work tree, which is no commit. */
export function servedCommit({ serving }: ServedState): string | null {
  const commit = serving?.manifest.commit;
  return commit !== undefined && isCommitId(commit) ? commit : null;
}

/** A commit that was looked at and is not served; `null`: the last one is. */
export function tipOf(outcome: ServedState["outcome"]): UnservedTip | null {
  if (outcome === undefined) return null;
  switch (outcome.kind) {
    case "refused": {
      const { commit } = outcome;
      if (!isCommitId(commit)) return null;
      const first = firstOf(outcome);
      return {
        commit,
        state: "refused",
        errors: errorsOf(outcome).length + (outcome.omitted ?? 0),
        ...(first === undefined ? {} : { first }),
      };
    }
    case "held":
      return { commit: outcome.commit, state: "held", why: describeOutcome(outcome) };
    case "published":
    case "waiting":
    case "stalled":
      return null;
  }
}

function errorsOf({ diagnostics }: RefusedOutcome) {
  return diagnostics.filter(({ severity }) => severity === "error");
}

function firstOf(outcome: RefusedOutcome): Finding | undefined {
  const [first] = errorsOf(outcome);
  if (first === undefined) return undefined;
  const { rule, message, file, span } = first;
  return { rule, message: redactSecrets(message), file, ...(span === undefined ? {} : { line: span.line }) };
}
