import { describeOutcome, type ReconcileOutcome, shortCommit } from "../../reconcile/outcome.ts";
import type { DamagedArtifact } from "../manifest/artifact-folder.ts";
import type { ServedState } from "../served-state.ts";

/** Why a controller needs a look. */
export type Trouble =
  | {
      /** The last commit is not what is served. */
      readonly kind: "outcome";
      readonly outcome: ReconcileOutcome;
    }
  | { readonly kind: "nothing-served" }
  | { readonly kind: "expired"; readonly roles: readonly string[] }
  | { readonly kind: "damaged"; readonly artifacts: readonly DamagedArtifact[] };

/**
 * What is wrong first of all; absent while all is well. Status, readiness and metrics ask here, so that they agree.
 *
 * @param now seconds since 1970
 */
export function troubleOf(state: ServedState, now: number): Trouble | undefined {
  const { serving, outcome } = state;
  if (outcome !== undefined && outcome.kind !== "published") return { kind: "outcome", outcome };
  if (serving === undefined) return { kind: "nothing-served" };
  const roles = [...serving.expiries].filter(([, expires]) => expires <= now).map(([role]) => role);
  if (roles.length > 0) return { kind: "expired", roles };
  const artifacts = damagedArtifacts(state);
  return artifacts.length > 0 ? { kind: "damaged", artifacts } : undefined;
}

/** Those of the manifest that is served; what nobody can ask for any more is no trouble. */
export function damagedArtifacts({ serving, damagedArtifacts }: ServedState): readonly DamagedArtifact[] {
  return damagedArtifacts.filter(({ target }) => serving?.manifest.artifacts.get(target) !== undefined);
}

/** For operators: with file names and messages. One sentence, lower case, no full stop. */
export function describeTrouble(trouble: Trouble): string {
  switch (trouble.kind) {
    case "outcome":
      return describeOutcome(trouble.outcome);
    case "nothing-served":
      return NOTHING_SERVED;
    case "expired":
      return `expired: ${trouble.roles.join(", ")}`;
    case "damaged": {
      const [first] = trouble.artifacts;
      const more = trouble.artifacts.length > 1 ? ` (and ${trouble.artifacts.length - 1} more)` : "";
      return first === undefined ? "" : `the hosted file of \`${first.target}\` ${first.problem}${more}`;
    }
  }
}

/** For anybody: commits and counts, and nothing that a commit, a path or an address could tell. */
export function describeTroubleInPublic(trouble: Trouble): string {
  switch (trouble.kind) {
    case "outcome":
      return describeOutcomeInPublic(trouble.outcome);
    case "nothing-served":
      return NOTHING_SERVED;
    case "expired":
      return describeTrouble(trouble);
    case "damaged":
      return `${count(trouble.artifacts.length, "hosted artifact")} not as signed`;
  }
}

/** How many mistakes the last commit was refused for; absent when it was not. */
export function countMistakes(outcome: ReconcileOutcome | undefined): number | undefined {
  if (outcome?.kind !== "refused") return undefined;
  return outcome.diagnostics.filter(({ severity }) => severity === "error").length;
}

const NOTHING_SERVED = "no commit has been published yet";

function describeOutcomeInPublic(outcome: ReconcileOutcome): string {
  switch (outcome.kind) {
    case "published":
      return describeOutcome(outcome);
    case "refused":
      return `commit ${shortCommit(outcome.commit)} is refused: ${count(countMistakes(outcome) ?? 0, "mistake")}`;
    case "held":
      return `commit ${shortCommit(outcome.commit)} is held until somebody acts`;
    case "waiting":
      return "the last look at the source failed; it is tried again";
    case "stalled":
      return "the last look at the source failed, and somebody has to act";
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
