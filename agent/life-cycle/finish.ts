import { rmSync } from "node:fs";
import type { Format, NeededBuilds } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { refusalOf } from "../output/refusal.ts";
import {
  type AgentState,
  KEEP_PREVIOUS_SECONDS,
  keptReason,
  type LastOutcome,
} from "../state/agent-state.ts";
import { type BlockCause, blockBuild } from "../state/block-build.ts";
import { blockAfter } from "./block-after.ts";
import { tellFinished } from "./finished-attempt.ts";
import type { InstallContext } from "./install-context.ts";
import { IDLE, type InstallPlan, type OpenJournal, type Verdict } from "./journal.ts";

/** The part of an installation that its end needs. */
type FinishContext = Pick<InstallContext, "format" | "state" | "now" | "random" | "onFinished">;

/** Remembers the new version and the way back, then removes what is no longer needed. Can be repeated. */
export async function finishConfirmed(context: FinishContext, plan: InstallPlan): Promise<void> {
  tellFinished(context, { plan, endedAt: context.now(), step: "confirmed", outcome: "confirmed" });
  const installed = await installedNow(context, plan.to);
  const after = context.state.update((state) => {
    const leftByPerson = plan.kind === "rollback" && plan.from !== null ? [plan.from] : [];
    const others = state.blocked.filter(({ id }) => id !== plan.to.id && id !== leftByPerson[0]?.id);
    const { previous: _, installed: __, ...rest } = state;
    return {
      ...rest,
      ...installed,
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
  dropBroken(context.format, plan.to);
  await tidy(context.format, () => ({ previous: after.previous, installed: plan.to }));
}

/** What once failed here and works now is nothing to look at any more. */
function dropBroken({ staging }: Format, build: Build): void {
  try {
    rmSync(staging.broken(build), { force: true });
  } catch {
    // It is kept for as long as other broken ones are.
  }
}

/** After a verdict on a swapped build, which then waits here. Can be repeated without it waiting for longer. */
export async function finishBad(
  context: FinishContext,
  plan: InstallPlan,
  outcome: "rolled-back" | "not-restored",
  reason: string,
  verdict: Verdict = { step: "confirming", code: "install/confirm-failed" },
): Promise<void> {
  tellFinished(context, { plan, endedAt: context.now(), outcome, message: reason, ...verdict });
  const stays = outcome === "rolled-back" ? plan.from : plan.to;
  const installed = stays === null ? {} : await installedNow(context, stays);
  const block = blockAfter(verdict.code, "after-swap");
  const after = noteFailure(context, plan, { outcome, reason }, block, installed);
  await tidy(context.format, () => ({ previous: after.previous, installed: stays ?? undefined }));
}

/**
 * Before the swap: the old version runs on, and `status` must say why. The build is blocked only where the error is
 * evidence against it. A second error of the same installation changes nothing.
 */
export async function finishFailed(
  context: FinishContext,
  { state: step, plan }: UnswappedJournal,
  error: unknown,
): Promise<void> {
  const { id, message, got } = refusalOf(error);
  const reason = keptReason(got === undefined ? message : `${message} (got ${got})`);
  const log = error instanceof InstallError ? error.log : undefined;
  tellFinished(context, {
    ...{ plan, endedAt: context.now(), step, outcome: "failed", code: id, message: reason },
    ...(log === undefined ? {} : { log }),
  });
  noteFailure(context, plan, { outcome: "failed", cause: id, reason }, blockAfter(id, "before-swap"));
}

/** @param installed what is installed from here on; absent where that has not changed */
function noteFailure(
  { state, now, random }: FinishContext,
  plan: InstallPlan,
  failure: { outcome: LastOutcome["outcome"]; cause?: string; reason: string },
  block: BlockCause | undefined,
  installed?: Pick<AgentState, "installed">,
): AgentState {
  return state.update((before) => {
    const { last } = before;
    const known = last?.startedAt === plan.startedAt && last.to === plan.to.version;
    // A try in the same second that said nothing against the build is no reason not to block it now.
    const isBlocked = before.blocked.some(({ id, until }) => id === plan.to.id && until > now());
    if (known && last.outcome === failure.outcome && (!block || isBlocked)) return before;
    const { installed: earlier, ...rest } = before;
    return {
      ...rest,
      ...(installed ?? (earlier === undefined ? {} : { installed: earlier })),
      ...(block === undefined
        ? {}
        : { blocked: blockBuild(before.blocked, plan.to, failure.reason, now(), random(), block) }),
      last: {
        startedAt: plan.startedAt,
        from: plan.from?.version ?? null,
        to: plan.to.version,
        ...failure,
      },
    };
  });
}

/** @returns nothing where something else is installed than expected: the next look finds out what */
async function installedNow(
  { format }: FinishContext,
  expected: Build,
): Promise<Pick<AgentState, "installed">> {
  try {
    const found = await format.installed();
    return found?.id === expected.id ? { installed: { version: expected.version, ...found } } : {};
  } catch {
    return {};
  }
}

/** Where an installation stands that has not reached the swap. */
export type UnswappedJournal = Pick<OpenJournal, "plan"> & {
  readonly state: "downloading" | "verified" | "staged" | "self-tested";
};

export function isUnswapped(journal: OpenJournal): journal is UnswappedJournal & OpenJournal {
  switch (journal.state) {
    case "downloading":
    case "verified":
    case "staged":
    case "self-tested":
      return true;
    default:
      return false;
  }
}

/** Ends an installation that never reached the swap. A partial download stays for the next try, nothing else does. */
export async function forget(
  context: InstallContext,
  plan: InstallPlan,
  downloading: Build | undefined,
): Promise<void> {
  await tidy(context.format, () => ({
    downloading,
    previous: context.state.read().previous,
    installed: plan.from ?? undefined,
  }));
  context.journal.note(IDLE);
  context.onState?.(IDLE);
}

/** Sweeps staging if it can be done: an installation is over whether or not its leavings could be removed. */
async function tidy(format: Format, needed: () => NeededBuilds): Promise<void> {
  try {
    await format.sweep(needed());
  } catch {
    // The next installation sweeps again.
  }
}

/**
 * Lets go of an expired rollback copy, unless it is the last good one: then `rollback` would lose its way back. The
 * caller holds the lock.
 */
export async function dropExpiredPrevious({ format, state, now }: FinishContext): Promise<void> {
  const { installed } = state.read();
  if (installed === undefined || (await format.installed())?.id !== installed.id) return;
  const after = state.update((before) => {
    const { previous } = before;
    if (previous === undefined || now() - previous.keptAt <= KEEP_PREVIOUS_SECONDS) return before;
    const { previous: _, ...rest } = before;
    return rest;
  });
  await tidy(format, () => ({ previous: after.previous, installed: after.installed }));
}
