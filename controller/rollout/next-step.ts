import type { Halt, Pause } from "../../protocol/policy.ts";
import { formatPpm, type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

/** What one rollout's next step depends on. Numbers are of the machines that the asker may know of. */
export interface NextSituation {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** Commands have to say which product where there are several. */
  readonly isOnlyProduct: boolean;
  /** When its waves begin to count, seconds since 1970. */
  readonly start: number;
  readonly now: number;
  /** Absent: there are no waves, everybody gets it at once. */
  readonly waves?: NextWaves;
  readonly hasCanary: boolean;
  readonly halted?: Halt;
  readonly paused?: { readonly scope: PauseScope; readonly pause: Pause };
  /** What the channel points to is yanked; `fallback` is what it offers instead. */
  readonly yanked?: { readonly fallback?: string };
  /** The version that the release key allows to go back to. */
  readonly rollbackTo?: string;
  readonly machines: {
    readonly following: number;
    readonly canaries: number;
    readonly running: number;
    readonly failed: number;
    readonly waiting: number;
  };
  readonly platforms: readonly NextPlatform[];
  /** What the gate said last; absent: there is no gate, or the asker may not hear of it. */
  readonly gate?: {
    readonly verdict: "halt" | "proven" | "inconclusive";
    readonly reason: string;
    /** The platform that halted it, where the fleet as a whole would not. */
    readonly platform?: string;
    /** It would halt but for too many failures at one tenant: a person decides. */
    readonly isForPerson?: true;
  };
  /** Machines with what the failed ones share that have not tried it. */
  readonly alike?: { readonly what: string; readonly more: number; readonly isAtLeast: boolean };
  /** Tenants whose machines wait for a window that is closed now. */
  readonly windows: readonly {
    readonly tenant: string;
    readonly opensAt: number;
    readonly machines: number;
  }[];
  /** Whoever may not see all machines decides nothing for all. */
  readonly mayDecide: boolean;
}

export interface NextWaves {
  /** Shares and when their time comes, seconds since 1970. */
  readonly all: readonly { readonly ppm: Ppm; readonly at: number }[];
  readonly open: number;
  /** Share that may have it now, parts per million. */
  readonly share: Ppm;
  /** Share that might have it now if it were not halted, parts per million. */
  readonly dueShare: Ppm;
  readonly openedBy: "time" | "health" | "hand";
  readonly isLinear: boolean;
}

export interface NextPlatform {
  readonly platform: string;
  readonly following: number;
  readonly running: number;
  readonly failed: number;
}

export type PauseScope = "fleet" | "product" | "channel";

export const NEXT_KINDS = [
  "nothing-offered",
  "halted",
  "pending",
  "paused",
  "canary",
  "by-time",
  "by-health",
  "by-hand",
  "held",
  "for-person",
  "last-wave",
  "window",
  "done",
  "replaced",
] as const;
export type NextKind = (typeof NEXT_KINDS)[number];

export const CHOICE_KINDS = [
  "leave-out",
  "resume",
  "roll-back",
  "take-back",
  "advance",
  "unyank",
  "pause",
  "unpause",
] as const;

/** Something that a person may decide, with the commands that do it. */
export interface NextChoice {
  readonly kind: (typeof CHOICE_KINDS)[number];
  readonly title: string;
  readonly text: string;
  /** Machines that it moves at once. */
  readonly machines: number;
  /** In their order; each is a commit. */
  readonly commands: readonly string[];
}

export interface NextStep {
  readonly kind: NextKind;
  /** The answer, with a full stop. */
  readonly headline: string;
  /** What else there is to say of it; may be empty. */
  readonly text: string;
  /** When it happens by itself, seconds since 1970. */
  readonly at?: number;
  /** What a person has to decide, best first; empty where nobody has to. */
  readonly choices: readonly NextChoice[];
}

/** What happens next to a rollout, and when. Pure. */
export function nextStep(situation: NextSituation): NextStep {
  const { start, now, halted, paused, yanked, waves } = situation;
  if (halted !== undefined) return nextOfHalted(situation, halted);
  if (yanked !== undefined) return nextOfYanked(situation, yanked.fallback);
  if (now < start) return nextOfPending(situation);
  if (paused !== undefined) return nextOfPaused(situation, paused);
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

function choicesOfHalt(situation: NextSituation): NextChoice[] {
  const { mayDecide, version, waves, machines, alike, rollbackTo } = situation;
  if (!mayDecide) return [];
  const dueShare = waves?.dueShare ?? WHOLE_PPM;
  const choices: NextChoice[] = [];
  const apart = platformToLeaveOut(situation);
  if (apart !== undefined) {
    const following = machines.following - apart.following;
    const running = machines.running - apart.running;
    const moved = atOnce(following, running, dueShare);
    const staying = apart.following - apart.running;
    choices.push({
      kind: "leave-out",
      title: `Leave ${apart.platform} out, go on with the rest`,
      text: text([
        `${version} is not offered on ${apart.platform} any more: ${count(staying, "machine")} ${staying === 1 ? "stays" : "stay"}` +
          (apart.running === 0 ? "" : `, the ${number(apart.running)} on it keep it`),
        `${moved === 0 ? "None" : number(moved)} of the other ${number(following)} ${moved === 0 ? "moves" : "may move"} at once${nextOpens(situation)}`,
      ]),
      machines: moved,
      commands: [
        `${command(situation, `yank ${version} --platform ${apart.platform}`)} --reason "fails on ${apart.platform}"`,
        `${command(situation, `resume --channel ${situation.channel} --halt`)} --reason "only ${apart.platform} failed, which is left out"`,
      ],
    });
  }
  const resumed = atOnce(machines.following, machines.running, dueShare);
  const more =
    alike === undefined || alike.more === 0
      ? []
      : [
          `${alike.isAtLeast ? "at least " : ""}${count(alike.more, "more machine")} ${alike.more === 1 ? "has" : "have"} what the failed ones share: ${alike.what}`,
        ];
  choices.push({
    kind: "resume",
    title: "Resume as it is",
    text: text([
      `${count(resumed, "machine")} may move at once, as far as waves are open by now`,
      ...more,
      situation.gate === undefined
        ? "Nothing halts it again by itself"
        : "The gate counts anew, and may halt again",
    ]),
    machines: resumed,
    commands: [`${command(situation, `resume --channel ${situation.channel} --halt`)} --reason "..."`],
  });
  choices.push(rollbackTo === undefined ? takeBack(situation) : rollBack(situation, rollbackTo));
  return choices;
}

/** The gate would halt, but the failures are one tenant's: what holds the version back there, or everywhere. */
function choicesOfDoubt(situation: NextSituation): NextChoice[] {
  const { version, channel, machines, rollbackTo } = situation;
  const apart = platformToLeaveOut(situation);
  const leaveOut: NextChoice[] =
    apart === undefined
      ? []
      : [
          {
            kind: "leave-out",
            title: `Leave ${apart.platform} out`,
            text: text([
              `${version} is not offered on ${apart.platform} any more: ${count(apart.following - apart.running, "machine")} stay, the ${number(apart.running)} on it keep it`,
              "The others go on",
            ]),
            machines: 0,
            commands: [
              `${command(situation, `yank ${version} --platform ${apart.platform}`)} --reason "fails on ${apart.platform}"`,
            ],
          },
        ];
  return [
    ...leaveOut,
    {
      kind: "pause",
      title: `Pause ${channel}`,
      text: text([
        `nobody of ${channel} moves until it is resumed; ${count(machines.running, "machine")} on ${version} keep it`,
      ]),
      machines: 0,
      commands: [`${command(situation, `pause --channel ${channel}`)} --reason "..."`],
    },
    rollbackTo === undefined ? takeBack(situation) : rollBack(situation, rollbackTo),
  ];
}

function rollBack(situation: NextSituation, to: string): NextChoice {
  const { machines, version } = situation;
  return {
    kind: "roll-back",
    title: `Go back to ${to}`,
    text: text([
      machines.running === 0
        ? `nobody runs ${version}: the channel points to ${to} again`
        : `${count(machines.running, "machine")} on ${version} ${machines.running === 1 ? "goes" : "go"} down to ${to} at once, waves or not`,
      "The release key allows it",
    ]),
    machines: machines.running,
    commands: [`${command(situation, `rollback ${situation.channel} --to ${to}`)} --reason "..."`],
  };
}

function takeBack(situation: NextSituation): NextChoice {
  const { machines, version } = situation;
  return {
    kind: "take-back",
    title: `Take ${version} back`,
    text: text([
      `nobody is offered it any more, and channels fall back`,
      machines.running === 0
        ? ""
        : `The ${number(machines.running)} on it keep it: the release key allows no way down`,
    ]),
    machines: 0,
    commands: [`${command(situation, `yank ${version}`)} --reason "..."`],
  };
}

/** The platform whose failures explain the halt, where others are left to go on. */
function platformToLeaveOut({ gate, platforms, machines }: NextSituation): NextPlatform | undefined {
  if (platforms.filter(({ following }) => following > 0).length < 2) return undefined;
  const named = platforms.find(({ platform }) => platform === gate?.platform);
  if (named !== undefined) return named;
  const [worst] = platforms.toSorted((a, b) => b.failed - a.failed);
  // Three of four failures on one platform: that is where to look first.
  return worst !== undefined && worst.failed > 0 && worst.failed * 4 >= machines.failed * 3
    ? worst
    : undefined;
}

function nextOpens({ waves, now }: NextSituation): string {
  const next = waves?.all.find(({ at }) => at > now);
  return next === undefined ? "" : `; ${share(next.ppm)} opens ${time(next.at)}`;
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
  const what = { fleet: "the fleet", product, channel }[scope];
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
      text: text([so, `${count(Math.max(0, more), "machine")} more may have it then`, gateSays]),
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
      text: text([so, gateSays]),
      at: next.at,
      choices: !byHealth && mayDecide ? [advance] : [],
    };
  }
  if (waves.openedBy === "health" && gate?.verdict === "proven") {
    return {
      kind: "by-health",
      headline: `${capital(name)} opens as soon as machines had time to report.`,
      text: text([so, gateSays]),
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
      ]),
      at: first.opensAt,
      choices: [],
    };
  }
  const ran = `${number(machines.running)} of ${count(machines.following, "machine")} run ${version}`;
  if (gate !== undefined && gate.verdict !== "proven" && left > 0) {
    return {
      kind: "last-wave",
      headline: "All waves are open, and the gate goes on counting.",
      text: text([ran, capital(gate.reason)]),
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

/** Machines that a share lets have it, as many as are to be expected. Canaries have it beside the share. */
export function allowedOf(following: number, ppm: Ppm, canaries = 0): number {
  return canaries + Math.round(((following - canaries) * ppm) / WHOLE_PPM);
}

function atOnce(following: number, running: number, ppm: Ppm): number {
  return Math.max(0, allowedOf(following, ppm) - running);
}

function command({ product, isOnlyProduct }: NextSituation, rest: string): string {
  return `fairlead ${rest}${isOnlyProduct ? "" : ` --product ${product}`}`;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** A second as a sentence has it: `Wed 25 Nov 09:30 UTC`. */
function time(second: number): string {
  const date = new Date(second * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${clock} UTC`;
}

function share(ppm: Ppm): string {
  return formatPpm(ppm).replace("%", " %");
}

function number(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function text(sentences: readonly string[]): string {
  return sentences
    .filter((sentence) => sentence !== "")
    .map((sentence) => `${capital(sentence)}${sentence.endsWith(".") ? "" : "."}`)
    .join(" ");
}
