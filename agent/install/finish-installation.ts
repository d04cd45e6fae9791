import type { InstallPlan } from "../journal/journal.ts";
import type { InstalledFile } from "../state/agent-state.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { blockBuild } from "../state/block-build.ts";
import { cleanStaging } from "./clean-staging.ts";
import type { InstallContext } from "./install-context.ts";
import { readInstalled } from "./installed-file.ts";

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

/** Blocks the build that failed here. Can be repeated without blocking for longer. */
export function finishRolledBack(context: InstallContext, plan: InstallPlan, reason: string): void {
  const after = context.state.update((state) => {
    if (state.last?.startedAt === plan.startedAt && state.last.outcome === "rolled-back") return state;
    return {
      ...state,
      ...(plan.from === null ? {} : installedNow(context, plan.from.version)),
      blocked: blockBuild(state.blocked, plan.to, reason, context.now(), context.random()),
      last: {
        startedAt: plan.startedAt,
        outcome: "rolled-back",
        from: plan.from?.version ?? null,
        to: plan.to.version,
        reason,
      },
    };
  });
  cleanStaging(context.paths, {
    previous: after.previous,
    ...(plan.from === null ? {} : { installed: plan.from }),
  });
}

function installedNow(context: InstallContext, version: string): { installed?: InstalledFile } {
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
