import type { Halt } from "../../protocol/policy.ts";
import { freezeAt } from "../../protocol/quiet-times.ts";
import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import { allowedOf, atOnce } from "./allowed-machines.ts";
import { choicesOfDoubt, choicesOfHalt, command } from "./next-choices.ts";
import type {
  HeldTenant,
  NextChoice,
  NextSituation,
  NextStep,
  NextWaves,
  PauseScope,
  ScopedFreeze,
} from "./next-situation.ts";
import { capital, count, number, share, text, time } from "./next-words.ts";

/** What happens next to a rollout, and when. Pure. */
export function nextStep(situation: NextSituation): NextStep {
  const { start, now, halted, paused, yanked, waves } = situation;
  if (halted !== undefined) return nextOfHalted(situation, halted);
  if (yanked !== undefined) return nextOfYanked(situation, yanked.fallback);
  if (now < start) return nextOfPending(situation);
  if (paused !== undefined) return nextOfPaused(situation, paused);
  const frozen = freezeAt(situation.freezes ?? [], now);
  if (frozen !== undefined) return nextOfFrozen(situation, frozen);
  if (waves === undefined) return nextOfLastWave(situation);
  const next = waves.all[waves.open];
  return next === undefined ? nextOfLastWave(situation) : nextOfWave(situation, waves, next);
}

function nextOfHalted(situation: NextSituation, { by }: Halt): NextStep {
  const { machines, version, waves, now } = situation;
  const stay = machines.following - machines.running;
  const sentences = [
    `${count(stay, "machine")} ${stay === 1 ? "stays" : "stay"} on what ${stay === 1 ? "it runs" : "they run"}` +
      (machines.running === 0
        ? ""
        : `, and ${count(machines.running, "machine")} on ${version} ${machines.running === 1 ? "keeps" : "keep"} it`),
  ];
  const next = waves?.all.find(({ at }) => at > now);
  if (next !== undefined) {
    sentences.push(`Left as it is, the next wave, ${share(next.ppm)} on ${time(next.at)}, does not open`);
  } else if (by === undefined) {
    sentences.push("A commit halted it, and a commit ends it");
  }
  return {
    kind: "halted",
    headline: "Nothing moves until a commit decides.",
    text: text(sentences),
    choices: choicesOfHalt(situation),
  };
}

function nextOfYanked(situation: NextSituation, fallback: string | undefined): NextStep {
  const { version, channel, machines, mayDecide } = situation;
  return {
    kind: "nothing-offered",
    headline: fallback === undefined ? `${channel} offers nothing.` : `Nobody gets ${version} any more.`,
    text: text([
      fallback === undefined
        ? `${version} is yanked, and nothing that ${channel} pointed to before is left`
        : `${version} is yanked, and ${channel} offers ${fallback}`,
      machines.running === 0
        ? ""
        : `${count(machines.running, "machine")} on it ${machines.running === 1 ? "keeps" : "keep"} it`,
    ]),
    choices: mayDecide
      ? [
          {
            kind: "unyank",
            title: `Offer ${version} again`,
            text: text(["it goes on where its waves have come to"]),
            machines: atOnce(machines.following, machines.running, situation.waves?.dueShare ?? WHOLE_PPM),
            commands: [`${command(situation, `unyank ${version}`)} --reason "..."`],
          },
        ]
      : [],
  };
}

function nextOfPending({ version, start, hasCanary, machines, waves }: NextSituation): NextStep {
  const first = waves?.all[0];
  const who = hasCanary
    ? `${count(machines.canaries, "canary", "canaries")} first`
    : first === undefined
      ? `all ${count(machines.following, "machine")} at once`
      : `${share(first.ppm)} first`;
  return {
    kind: "pending",
    headline: `${version} begins ${time(start)}.`,
    text: text([`${capital(who)}; until then nobody is offered it`]),
    at: start,
    choices: [],
  };
}

function nextOfPaused(
  situation: NextSituation,
  { scope, pause: { reason, until } }: NonNullable<NextSituation["paused"]>,
): NextStep {
  const { product, channel, machines, mayDecide, waves } = situation;
  const what = nameOf(situation, scope);
  const option = { fleet: "--fleet", product: `--product ${product}`, channel: `--channel ${channel}` }[
    scope
  ];
  const resume = scope === "channel" ? command(situation, `resume ${option}`) : `fairlead resume ${option}`;
  return {
    kind: "paused",
    headline: `Nothing moves while ${what} is paused${until === undefined ? "" : `, until ${time(until)}`}.`,
    text: text([
      reason ?? "",
      `The time of waves goes on; ${count(machines.following - machines.running, "machine")} ${machines.following - machines.running === 1 ? "stays" : "stay"} as they are`,
    ]),
    ...(until === undefined ? {} : { at: until }),
    choices: mayDecide
      ? [
          {
            kind: "unpause",
            title: `Let ${what} go on`,
            text: text(["what is open by now goes out"]),
            machines: atOnce(machines.following, machines.running, waves?.dueShare ?? WHOLE_PPM),
            commands: [resume],
          },
        ]
      : [],
  };
}

function nextOfFrozen(situation: NextSituation, { scope, to, reason }: ScopedFreeze): NextStep {
  const { machines } = situation;
  const stay = machines.following - machines.running;
  return {
    kind: "frozen",
    headline: `Nothing moves before ${time(to)}: ${nameOf(situation, scope)} is frozen.`,
    text: text([
      reason,
      `The time of waves goes on; ${count(stay, "machine")} ${stay === 1 ? "stays as it is" : "stay as they are"}, unless somebody asks ${stay === 1 ? "it" : "them"} to update`,
    ]),
    at: to,
    choices: [],
  };
}

function nameOf({ product, channel }: NextSituation, scope: PauseScope): string {
  return { fleet: "the fleet", product, channel }[scope];
}

/** That a wave opens while nobody may move, or `""`. */
function frozenThen(situation: NextSituation, at: number): string {
  const freeze = freezeAt(situation.freezes ?? [], Math.max(at, situation.now));
  if (freeze === undefined) return "";
  return `${nameOf(situation, freeze.scope)} is frozen then, so nobody moves before ${time(freeze.to)}: ${freeze.reason}`;
}

/** Whose machines stay although everybody may move, or `""`: the one with the most of them. */
function heldWords({ held = [] }: NextSituation): string {
  const [most, ...others] = held.toSorted((a, b) => b.machines - a.machines);
  if (most === undefined) return "";
  const { tenant, machines } = most;
  const more =
    others.length === 0
      ? ""
      : `, and ${count(others.length, "other tenant")} ${others.length === 1 ? "is" : "are"} held too`;
  return `${count(machines, "machine")} of ${tenant} ${machines === 1 ? "stays" : "stay"}: it is ${heldUntil(most)}${more}`;
}

function heldUntil({ by, until }: HeldTenant): string {
  const state = by === "pause" ? "paused" : "frozen";
  return until === undefined ? `${state} until somebody resumes it` : `${state} until ${time(until)}`;
}

function nextOfWave(
  situation: NextSituation,
  waves: NextWaves,
  next: { readonly ppm: Ppm; readonly at: number },
): NextStep {
  const { now, machines, gate, mayDecide } = situation;
  const allowedNow = allowedOf(machines.following, waves.share, machines.canaries);
  const place = waves.open + 1;
  const isCanary = waves.open === 0;
  const name = `wave ${place} of ${waves.all.length}, ${share(next.ppm)}`;
  const so = isCanary
    ? situation.hasCanary
      ? `${count(machines.canaries, "canary has", "canaries have")} it so far`
      : "nobody has it so far"
    : `${share(waves.share)} may have it: ${number(machines.running)} of ${number(allowedNow)} run it`;
  const more = allowedOf(machines.following, next.ppm, machines.canaries) - allowedNow;
  const advance: NextChoice = {
    kind: "advance",
    title: `Open ${share(next.ppm)} now`,
    text: text([
      `${count(Math.max(0, more), "machine")} more may have it${next.at > now ? `, from ${time(next.at)} on` : " at once"}`,
      gate === undefined ? "No gate says how it went so far" : `So far: ${gate.reason}`,
    ]),
    machines: Math.max(0, more),
    commands: [command(situation, `advance ${situation.channel}`)],
  };
  const gateSays = gate === undefined ? "" : capital(gate.reason);
  const held = heldWords(situation);
  if (gate?.isForPerson === true && mayDecide) {
    return {
      kind: "for-person",
      headline: "A person decides: too many failures at one tenant to halt by itself.",
      text: text([
        gateSays,
        waves.openedBy === "time"
          ? `Left as it is, ${name} opens ${time(next.at)}, and ${count(Math.max(0, more), "machine")} more may have it`
          : so,
      ]),
      ...(waves.openedBy === "time" ? { at: next.at } : {}),
      choices: choicesOfDoubt(situation),
    };
  }
  if (waves.openedBy === "time") {
    return {
      kind: isCanary ? "canary" : "by-time",
      headline:
        waves.isLinear && !isCanary
          ? `The share grows evenly; ${name} begins ${time(next.at)}.`
          : `${capital(name)} opens ${time(next.at)}.`,
      text: text([
        so,
        `${count(Math.max(0, more), "machine")} more may have it then`,
        frozenThen(situation, next.at),
        held,
        gateSays,
      ]),
      at: next.at,
      choices: [],
    };
  }
  if (next.at > now) {
    const byHealth = waves.openedBy === "health";
    return {
      kind: isCanary ? "canary" : byHealth ? "by-health" : "by-hand",
      headline: byHealth
        ? `${capital(name)} opens ${time(next.at)}, if what is open is proven by then.`
        : `${capital(name)} waits for a person, ${time(next.at)} at the earliest.`,
      text: text([so, frozenThen(situation, next.at), held, gateSays]),
      at: next.at,
      choices: !byHealth && mayDecide ? [advance] : [],
    };
  }
  if (waves.openedBy === "health" && gate?.verdict === "proven") {
    return {
      kind: "by-health",
      headline: `${capital(name)} opens as soon as machines had time to report.`,
      text: text([so, frozenThen(situation, next.at), held, gateSays]),
      choices: mayDecide ? [advance] : [],
    };
  }
  return {
    kind: "held",
    headline:
      waves.openedBy === "health"
        ? `${capital(name)} waits for proof.`
        : `${capital(name)} waits for a person.`,
    text: text([
      so,
      held,
      waves.openedBy === "health" && gate === undefined && mayDecide
        ? "No gate says what healthy is, so only a person opens it"
        : gateSays,
    ]),
    choices: mayDecide ? [advance] : [],
  };
}

function nextOfLastWave(situation: NextSituation): NextStep {
  const { machines, version, gate, waves, windows, now } = situation;
  if (waves !== undefined && waves.share < WHOLE_PPM) {
    const last = waves.all.at(-1);
    return {
      kind: "last-wave",
      headline: `The last wave grows evenly until ${time(last?.at ?? now)}.`,
      text: text([
        `${share(waves.share)} may have ${version} now; ${number(machines.running)} of ${number(machines.following)} run it`,
      ]),
      ...(last === undefined ? {} : { at: last.at }),
      choices: [],
    };
  }
  const left = machines.following - machines.running;
  const [first] = windows.toSorted((a, b) => a.opensAt - b.opensAt);
  if (left > 0 && first !== undefined) {
    return {
      kind: "window",
      headline: `The window of ${first.tenant} opens ${time(first.opensAt)}.`,
      text: text([
        `Everybody may have ${version}; ${count(first.machines, "machine")} of ${first.tenant} ${first.machines === 1 ? "waits" : "wait"} for it`,
        windows.length > 1
          ? `${count(windows.length - 1, "other tenant")} ${windows.length === 2 ? "waits" : "wait"} for a window too`
          : "",
        heldWords(situation),
      ]),
      at: first.opensAt,
      choices: [],
    };
  }
  const [longest] = (situation.held ?? []).toSorted((a, b) => b.machines - a.machines);
  const ran = `${number(machines.running)} of ${count(machines.following, "machine")} run ${version}`;
  if (gate !== undefined && gate.verdict !== "proven" && left > 0) {
    return {
      kind: "last-wave",
      headline: "All waves are open, and the gate goes on counting.",
      text: text([ran, capital(gate.reason)]),
      choices: [],
    };
  }
  if (left > 0 && longest !== undefined) {
    return {
      kind: "tenant-held",
      headline: `Everybody may have ${version}; ${longest.tenant} is ${heldUntil(longest)}.`,
      text: text([ran, heldWords(situation)]),
      ...(longest.until === undefined ? {} : { at: longest.until }),
      choices: [],
    };
  }
  return {
    kind: "done",
    headline:
      left === 0 && machines.following > 0 ? `Everybody runs ${version}.` : `Everybody may have ${version}.`,
    text: text([
      left === 0 ? "Nothing happens here until the next promotion" : ran,
      left === 0 ? "" : `The other ${number(left)} get it at their next look, in their window, or on request`,
    ]),
    choices: [],
  };
}
