import type { BranchPlan, CommitSummary, Plan } from "../api/types.ts";
import { countOf, writeCount, writePpm } from "../parts/numbers.ts";
import { writeClock, writeSpan } from "../parts/times.ts";

/** What is said of commits and plans, in sentences. Pure. */

/** What a commit did to the fleet, in parts; the first is the one that counts. */
export function effectOf({ state, errors, reached, foreseen, files }: CommitSummary): string[] {
  if (state === "refused") {
    const mistakes = errors === 0 ? "it has mistakes" : countOf(errors, "mistake");
    return ["moved nobody", mistakes];
  }
  if (state === "held") return ["moves nobody before a person releases it"];
  if (reached.length > 0) {
    const offered = reached.filter((each) => each.offered > 0);
    // Of many promotions those that reached nobody are one thing to say.
    const others = reached.length - offered.length;
    const several = new Set(reached.map(({ channel }) => channel)).size > 1;
    return [
      ...offered.map(({ version, channel, offered: machines, confirmed, failed }) => {
        const which = reached.length > 1 ? `${version}${several ? ` on ${channel}` : ""}: ` : "";
        const failures = failed === 0 ? "" : `, ${writeCount(failed)} failed`;
        const has = confirmed === 1 ? "has" : "have";
        return `${which}offered to ${countOf(machines, "machine")}, ${writeCount(confirmed)} ${has} it${failures}`;
      }),
      ...(others === 0 ? [] : [offered.length === 0 ? "offered to nobody yet" : "the rest to nobody yet"]),
    ];
  }
  if (foreseen !== undefined) return [movesOf(foreseen)];
  return [countOf(files, "file")];
}

/** `3 of 12 machines move, 2 at another time` */
export function movesOf({
  moves,
  stopped,
  retimed,
  total,
}: {
  readonly moves: number;
  readonly stopped: number;
  readonly retimed: number;
  readonly total: number;
}): string {
  const parts = [
    ...(moves > 0
      ? [`${writeCount(moves)} of ${countOf(total, "machine")} ${moves === 1 ? "moves" : "move"}`]
      : []),
    ...(retimed > 0 ? [`${writeCount(retimed)} at another time`] : []),
    ...(stopped > 0 ? [`${writeCount(stopped)} no longer`] : []),
  ];
  return parts.length === 0 ? "moves nobody" : parts.join(", ");
}

/** What the machines of a plan are called: with nobody enrolled it counts scopes. */
export function nounOf({ inventory }: Plan): string {
  return inventory.kind === "devices" ? "machine" : "scope";
}

/** The answer of the plan view. */
export function verdictOf({ branch, verdict, diagnostics, omittedDiagnostics, plan }: BranchPlan): string {
  const mistakes = diagnostics.filter(({ severity }) => severity === "error").length + omittedDiagnostics;
  if (verdict === "refused" || plan === undefined)
    return `${branch} would be refused: ${countOf(mistakes, "mistake")}`;
  return `${branch} ${sentenceOf(plan)}`;
}

/** `moves 312 of 12,480 machines`; `moves nobody` */
export function sentenceOf(plan: Plan): string {
  const { devices, retimed, stopped } = plan.blast;
  const { total } = plan.inventory;
  const noun = nounOf(plan);
  if (devices > 0) return `moves ${writeCount(devices)} of ${countOf(total, noun)}`;
  if (retimed > 0) return `moves nobody else, and ${countOf(retimed, noun)} at another time`;
  if (stopped > 0) return `stops ${countOf(stopped, noun)}`;
  return "moves nobody";
}

/** `at once`, `in 4 h, at 18:30` */
export function whenOf(at: number, now: number): string {
  return at <= now ? "at once" : `in ${writeSpan(at - now)}, ${writeClock(at, now)}`;
}

/** `10 % at once, 50 % in 24 h, Mon 14:00` */
export function wavesOf(waves: Plan["transitions"][number]["waves"], now: number): string {
  if (waves.length === 0) return "everybody at once";
  return waves
    .map(({ share, at, shut }) =>
      shut === true ? `${writePpm(share)} once it is opened` : `${writePpm(share)} ${whenOf(at, now)}`,
    )
    .join(" · ");
}
