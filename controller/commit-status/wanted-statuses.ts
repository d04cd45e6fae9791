import { formatTime } from "../../protocol/trail.ts";
import type { StandingRollout } from "../http/rollout-metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import { describeOutcome, type ReconcileOutcome } from "../reconcile/outcome.ts";
import type { CommitState, CommitStatus } from "./forge-request.ts";

/** Whether the newest commit is served. */
export const SERVED_CONTEXT = "fairlead";

/**
 * What the forge should say now: of the newest commit whether it is served, and of each commit that promoted something how
 * its rollout stands.
 *
 * @param standing `undefined`: nobody has said yet, or the fleet is off
 * @param origin   of the page, for links
 */
export function wantedStatuses(
  { outcome }: Pick<ServedState, "outcome">,
  standing: readonly StandingRollout[] | undefined,
  origin: string | undefined,
): CommitStatus[] {
  const link = (page: string): { link?: string } =>
    origin === undefined ? {} : { link: `${origin}${page}` };
  const served = outcome === undefined ? undefined : servedStatus(outcome);
  const statuses = served === undefined ? [] : [{ ...served, ...link(`/history/${served.commit}`) }];
  for (const rollout of standing ?? []) {
    const { product, channel, commit } = rollout;
    statuses.push({
      ...{ commit, context: rolloutContext(rollout), ...rolloutState(rollout) },
      ...link(`/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`),
    });
  }
  // What lies in a work tree has no commit.
  return statuses.filter(({ commit }) => /^[0-9a-f]{40,64}$/.test(commit));
}

export function rolloutContext({ product, channel }: Pick<StandingRollout, "product" | "channel">): string {
  return `${SERVED_CONTEXT}/${product}/${channel}`;
}

function servedStatus(outcome: ReconcileOutcome): CommitStatus | undefined {
  switch (outcome.kind) {
    case "published": {
      const warnings = outcome.diagnostics.length + (outcome.omitted ?? 0);
      const more = warnings === 0 ? "" : `, with ${warnings} warning${warnings === 1 ? "" : "s"}`;
      return {
        commit: outcome.commit,
        context: SERVED_CONTEXT,
        state: "passed",
        description: `served${more}`,
      };
    }
    case "refused": {
      const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
      const [first] = errors;
      const others = errors.length - 1 + (outcome.omitted ?? 0);
      const place =
        first === undefined ? "" : `${first.file}${first.span === undefined ? "" : `:${first.span.line}`}: `;
      const more = others > 0 ? ` (and ${others} more)` : "";
      const description = `refused: ${place}${first?.message ?? "it does not check"}${more}`;
      return { commit: outcome.commit, context: SERVED_CONTEXT, state: "failed", description };
    }
    case "held":
      return {
        ...{ commit: outcome.commit, context: SERVED_CONTEXT, state: "failed" },
        description: describeOutcome(outcome).replace(/^commit \S+ /, ""),
      };
    // These are about no commit.
    case "waiting":
    case "stalled":
      return undefined;
  }
}

const STATES = {
  pending: "pending",
  canary: "running",
  active: "running",
  held: "running",
  halted: "failed",
  done: "passed",
} as const satisfies Readonly<Record<StandingRollout["state"], CommitState>>;

/** The share is that of the open waves: it changes with each of them, and not with each machine. */
function rolloutState({ version, state, reason, share, nextAt }: StandingRollout): {
  readonly state: CommitState;
  readonly description: string;
} {
  const next = nextAt === null ? "" : `; next at ${formatTime(nextAt)}`;
  return { state: STATES[state], description: sentence() };

  function sentence(): string {
    switch (state) {
      case "pending":
        return `${version} has not begun${next}`;
      case "canary":
        return `${version} is with its canaries${next}`;
      case "active":
        return `${version} is open to ${percentOf(share)} of machines${next}`;
      case "held":
        // Its reason counts reports, and forges take a thousand statuses of one commit and name.
        return `${version} is held at ${percentOf(share)} of machines`;
      case "halted":
        return `${version} is halted: ${reason}`;
      case "done":
        return `${version} is open to all machines`;
    }
  }
}

function percentOf(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** What is said of a rollout that the channel has left before it was through. */
export function replacedStatus(status: CommitStatus, standing: readonly StandingRollout[]): CommitStatus {
  const now = standing.find((rollout) => rolloutContext(rollout) === status.context);
  const by = now === undefined ? "its channel is gone" : `replaced by ${now.version}`;
  return { ...status, state: "passed", description: `${by} before it was through` };
}
