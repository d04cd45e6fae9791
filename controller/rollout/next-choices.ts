import { WHOLE_PPM } from "../../protocol/share.ts";
import { atOnce } from "./allowed-machines.ts";
import type { NextChoice, NextPlatform, NextSituation } from "./next-situation.ts";
import { count, number, share, text, time } from "./next-words.ts";

/** Of a version that is halted. */
export function choicesOfHalt(situation: NextSituation): NextChoice[] {
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
export function choicesOfDoubt(situation: NextSituation): NextChoice[] {
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

/** A command as somebody types it: it says which product only where there are several. */
export function command({ product, isOnlyProduct }: NextSituation, rest: string): string {
  return `fairlead ${rest}${isOnlyProduct ? "" : ` --product ${product}`}`;
}
