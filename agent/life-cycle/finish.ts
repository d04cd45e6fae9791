import { cleanStaging } from "../formats/binary/clean-staging.ts";
import { readInstalled } from "../formats/binary/installed-file.ts";
import { InstallError, speaksAgainstBinary } from "../install-error.ts";
import { refusalOf } from "../output/refusal.ts";
import type { InstalledFile, LastOutcome } from "../state/agent-state.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { blockBuild } from "../state/block-build.ts";
import type { InstallContext } from "./install-context.ts";
import type { InstallPlan } from "./journal.ts";

/** The part of an installation that its end needs. */
type FinishContext = Pick<InstallContext, "paths" | "state" | "now" | "random">;

/** Remembers the new version and the way back, then removes what is no longer needed. Can be repeated. */
export function finishConfirmed(context: InstallContext, plan: InstallPlan): void {
  const { paths } = context;
  const after = context.state.update((state) => {
    const leftByPerson = plan.kind === "rollback" && plan.from !== null ? [plan.from] : [];
    const others = state.blocked.filter(
      ({ sha256 }) => sha256 !== plan.to.sha256 && sha256 !== leftByPerson[0]?.sha256,
    );
    const { previous: _, ...rest } = state;
    return {
      ...rest,
      ...installedNow(context, plan.to.version),
      ...(plan.from === null ? {} : { previous: { ...plan.from, keptAt: plan.startedAt } }),
      blocked: [
        ...others,
        ...leftByPerson.map((build) => ({
          ...build,
          reason: "a person rolled back from it",
          until: plan.startedAt + KEEP_PREVIOUS_SECONDS,
          failures: 0,
        })),
      ],
      last: {
        startedAt: plan.startedAt,
        outcome: "confirmed",
        from: plan.from?.version ?? null,
        to: plan.to.version,
      },
    };
  });
  cleanStaging(paths, { previous: after.previous, installed: plan.to });
}

/** After a restore: blocks the build that failed here. Can be repeated without blocking for longer. */
export function finishRolledBack(context: InstallContext, plan: InstallPlan, reason: string): void {
  noteFailure(context, plan, { outcome: "rolled-back", reason }, true);
}

/**
 * Before the swap: the old version runs on, and `status` must say why. The build is blocked only where the error is
 * evidence against it. A second error of the same installation changes nothing.
 */
export function finishFailed(context: FinishContext, plan: InstallPlan, error: unknown): void {
  const against = error instanceof InstallError && speaksAgainstBinary(error.code);
  const { id, message, got } = refusalOf(error);
  const reason = got === undefined ? message : `${message} (got ${got})`;
  noteFailure(context, plan, { outcome: "failed", cause: id, reason }, against);
}

function noteFailure(
  context: FinishContext,
  plan: InstallPlan,
  failure: { outcome: LastOutcome["outcome"]; cause?: string; reason: string },
  block: boolean,
): void {
  const after = context.state.update((state) => {
    const { last } = state;
    const known = last?.startedAt === plan.startedAt && last.to === plan.to.version;
    if (known && last.outcome === failure.outcome) return state;
    return {
      ...state,
      ...(failure.outcome === "failed" || plan.from === null ? {} : installedNow(context, plan.from.version)),
      ...(block
        ? { blocked: blockBuild(state.blocked, plan.to, failure.reason, context.now(), context.random()) }
        : {}),
      last: {
        startedAt: plan.startedAt,
        from: plan.from?.version ?? null,
        to: plan.to.version,
        ...failure,
      },
    };
  });
  if (!block) return;
  cleanStaging(context.paths, {
    previous: after.previous,
    ...(plan.from === null ? {} : { installed: plan.from }),
  });
}

function installedNow(context: FinishContext, version: string): { installed?: InstalledFile } {
  const found = readInstalled(context.paths.installed);
  return found === undefined ? {} : { installed: { version, ...found } };
}

/**
 * Lets go of an expired rollback copy, unless it is the last good one: then `rollback` would lose its way back. The
 * caller holds the lock.
 */
export function dropExpiredPrevious(context: InstallContext): void {
  const { installed } = context.state.read();
  if (installed === undefined || readInstalled(context.paths.installed)?.sha256 !== installed.sha256) return;
  const after = context.state.update((state) => {
    const { previous } = state;
    if (previous === undefined || context.now() - previous.keptAt <= KEEP_PREVIOUS_SECONDS) return state;
    const { previous: _, ...rest } = state;
    return rest;
  });
  cleanStaging(context.paths, { previous: after.previous, installed: after.installed });
}
