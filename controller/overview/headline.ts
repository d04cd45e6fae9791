import type { Need } from "./need.ts";
import { capital, count, day, grouped, span } from "./phrases.ts";

const NUMBERS = [
  ...(["no", "one", "two", "three", "four", "five", "six"] as const),
  ...(["seven", "eight", "nine", "ten", "eleven", "twelve"] as const),
];

/** The answer of the page: `Six things need a person, one of them now`. */
export function heading(needs: readonly Need[]): string {
  const all = needs.length;
  const now = needs.filter(({ isNow }) => isNow).length;
  if (all === 0) return "Nothing needs a person";
  if (all === 1) return `One thing needs a person${now === 1 ? ", now" : ""}`;
  const urgent =
    now === 0
      ? ""
      : now === all
        ? `, ${all === 2 ? "both" : "all"} of them now`
        : `, ${spelled(now)} of them now`;
  return `${capital(spelled(all))} things need a person${urgent}`;
}

function spelled(number: number): string {
  return NUMBERS[number] ?? grouped(number);
}

/** What a browser's tab says, so that it is seen from another one: `6 need a person`. */
export function shortHeading(needs: readonly Need[]): string {
  const now = needs.filter(({ isNow }) => isNow).length;
  if (needs.length === 0) return "Nothing needs a person";
  const said = `${grouped(needs.length)} need${needs.length === 1 ? "s" : ""} a person`;
  return now === 0 ? said : `${said}, ${grouped(now)} now`;
}

/** What comes under the heading: the most urgent in a sentence, and what goes on all the same. */
export function lead(
  needs: readonly Need[],
  {
    channels,
    lastHaltAt,
    now,
  }: { readonly channels: number; readonly lastHaltAt: number | null; readonly now: number },
): string {
  const urgent = needs.filter(({ isNow }) => isNow);
  const [first] = urgent;
  const lastHalt = lastHaltAt === null ? "No version was halted so far." : `Last halt ${day(lastHaltAt)}.`;
  if (first === undefined) {
    if (needs.length === 0) return lastHalt;
    return lastHaltAt === null ? "No rollout is halted." : `No rollout is halted. ${lastHalt}`;
  }
  const halted = urgent.filter(({ kind }) => kind === "halted").length;
  const others = channels - halted;
  const calm =
    others <= 0
      ? ""
      : ` ${others === 1 ? "The other channel is" : `The other ${count(others, "channel")} are`} not halted.`;
  return `${happened(first, now)}${calm}`;
}

function happened({ kind, what, subject, since }: Need, now: number): string {
  const ago = since === undefined ? "" : ` ${span(now - since)} ago`;
  if (kind !== "halted") return `${what}${ago}: nobody updates by what it signs.`;
  return `${subject.product ?? ""} / ${subject.channel ?? ""} halted${ago}.`;
}
