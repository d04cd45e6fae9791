import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import { formatCount, plural } from "./format-count.ts";
import { alertBlocks, type Block, comment, cutTable, folded, tableBlocks } from "./markdown-blocks.ts";
import { markdownText } from "./markdown-text.ts";
import {
  type Held,
  PLAN_DIMENSIONS,
  type Plan,
  type PlannedExpectation,
  type PlannedWave,
  type Retiming,
  type ScheduleEntry,
  type Transition,
} from "./plan.ts";
import { planHeadline } from "./plan-headline.ts";
import { formatMoment, formatOpening, formatWait } from "./plan-moments.ts";
import { beginText, EXPECTATIONS, shortId } from "./print-plan-text.ts";
import { shareBar, shareSteps } from "./share-bars.ts";

/** Sentences of a box that are read before what moves; the others are folded. */
const MOST_SENTENCES = 3;
/** Lines of times in all, up to which each transition shows all of its own. */
const MOST_TIMES = 16;

const CUT = "The comment is cut here, since a forge takes no longer ones: `fairlead plan` prints all of it.";

/**
 * A plan as a comment on a pull or merge request: what a reviewer has to know first, what is long folded, no longer than
 * forges take. The first line lets a bot find the comment that it updates.
 */
export function printPlanMarkdown(plan: Plan): string {
  const blocks = [
    ["<!-- fairlead-plan -->", `### ${planHeadline(plan)}`],
    ...alerts(plan),
    ...movesOf(plan),
    ...openings(plan),
    ...retimingsOf(plan),
    ...stopsOf(plan),
    ...refusalsOf(plan),
    ...misfitsOf(plan),
    ...heldOf(plan),
    ...sharesOf(plan),
    [comparedOf(plan)],
  ];
  return comment(blocks, CUT);
}

function nounOf({ inventory }: Plan): string {
  return inventory.kind === "devices" ? "device" : "scope";
}

function comparedOf({ before, after, now, inventory }: Plan): string {
  const commits = `\`${shortId(before)}\` to \`${shortId(after)}\``;
  return `<sub>${commits}, as if merged at ${formatMoment(now)} UTC, over ${markdownText(inventory.name)}.</sub>`;
}

/** What the state expects and would not be so comes first: somebody has written down that it matters. */
function alerts({ expectations, warnings }: Plan): Block[] {
  const sentencesOf = (...kinds: readonly PlannedExpectation["kind"][]): string[] =>
    expectations.filter(({ kind }) => kinds.includes(kind)).map(expectationSentence);
  const warned = warnings.map(({ message, help }) =>
    [markdownText(message), ...(help === undefined ? [] : [`To solve it: ${markdownText(help)}`])].join(
      "<br>",
    ),
  );
  const others = [...sentencesOf("dropped"), ...warned, ...sentencesOf("unmet")];
  return [
    ...alertBlocks("CAUTION", sentencesOf("broken"), MOST_SENTENCES, "expectation"),
    ...alertBlocks("WARNING", others, MOST_SENTENCES, "warning"),
  ];
}

function expectationSentence({ kind, message, file, line, decidedBy }: PlannedExpectation): string {
  const said = `${markdownText(message)}. Expected at ${placeOf(file, line)}, ${EXPECTATIONS[kind]}`;
  return decidedBy === null
    ? said
    : `${said}<br>${placeOf(decidedBy.file, decidedBy.line)} ${markdownText(decidedBy.text)}`;
}

function placeOf(file: string, line: number): string {
  return markdownText(`\`${file}:${line}\``);
}

/** Who moves: those that go down first, then the most. */
function movesOf(plan: Plan): Block[] {
  const moves = [...plan.transitions].sort((a, b) => Number(b.goesDown) - Number(a.goesDown));
  const isShort = moves.reduce((sum, move) => sum + timesOfMove(plan, move).length, 0) <= MOST_TIMES;
  return tableBlocks({
    head: ["who moves", "from → to", "when (UTC)"],
    rows: moves.map((move) => [
      who(plan, move.devices, `${move.product} ${move.channel}`),
      `${[move.from, ...move.via, move.to].map(versionOf).join(" → ")}${move.goesDown ? "<br>**down**" : ""}`,
      isShort ? timesOfMove(plan, move).join("<br>") : spanOfMove(plan, move),
    ]),
  });
}

/** @param how what becomes of them, beside how many they are */
function who(plan: Plan, count: number, what: string, how = ""): string {
  return `**${plural(count, nounOf(plan)).replace(" ", "\u00a0")}**${how}<br>${markdownText(what)}`;
}

function versionOf(version: string | null): string {
  return version === null ? "nothing" : markdownText(version);
}

/** One line for each time at which more of them may move, with a bar: how many do by then. */
function timesOfMove(plan: Plan, transition: Transition): string[] {
  const { devices, waves, schedule } = transition;
  const begins = beginText(transition, plan.now, (at) => formatMoment(at, plan.now));
  const lines =
    plan.inventory.kind === "scopes" && waves.length > 0
      ? waveLines(waves, plan.now)
      : scheduleLines(schedule, devices, plan.now);
  return [...lines, ...(begins === undefined ? [] : [markdownText(begins)])];
}

function scheduleLines(schedule: readonly ScheduleEntry[], all: number, now: number): string[] {
  const [first] = schedule;
  if (first === undefined) return ["at once"];
  if (schedule.length === 1) return [first.at <= now ? "at once" : formatOpening(first.at, now)];
  return schedule.map(({ at, devices }) => {
    const share = all === 0 ? 0 : Math.round((devices * WHOLE_PPM) / all);
    return `${shareBar(share)} ${formatCount(devices)}\u00a0${formatOpening(at, now)}`;
  });
}

/** @param say when a wave opens that nobody has to open */
function waveLines(waves: readonly PlannedWave[], now: number, say = formatOpening): string[] {
  if (waves.length === 0) return ["everybody at once"];
  return waves.map(({ share, at, shut }) => {
    const isLater = shut === true && at > now;
    const opening = shut === true ? "once it is opened" : say(at, now);
    const notBefore = isLater ? `, not before ${formatMoment(at, now)}` : "";
    return `${shareBar(share)} ${formatPpm(share)}\u00a0${opening}${notBefore}`;
  });
}

/** The same in one line, for one of many. */
function spanOfMove({ inventory, now }: Plan, { devices, waves, schedule }: Transition): string {
  const steps =
    inventory.kind === "scopes" && waves.length > 0
      ? waves.filter(({ shut }) => shut !== true)
      : schedule.map((entry) => ({ at: entry.at, share: Math.round((entry.devices * WHOLE_PPM) / devices) }));
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return waves.length === 0 ? "at once" : "once it is opened";
  const opening = formatOpening(first.at, now);
  if (first.at === last.at) return first.at <= now ? "at once" : opening;
  return `${shareSteps(steps.map(({ share }) => share))} ${opening} to ${formatMoment(last.at, now)}`;
}

/** Waves that the change opens by hand: without an inventory nothing else shows them. */
function openings({ openings: all, now }: Plan): Block[] {
  const rows = all.map(({ product, channel, version, from, to, of, share, at }) => [
    `${from === to ? `wave ${to}` : `waves ${from} to ${to}`} of ${of}`,
    markdownText(`${product} ${channel}`),
    versionOf(version),
    `${shareBar(share)} ${formatPpm(share)} ${formatOpening(at, now)}`,
  ]);
  return tableBlocks({ head: ["opened by hand", "channel", "version", "for (UTC)"], rows });
}

function retimingsOf(plan: Plan): Block[] {
  return tableBlocks({
    head: ["at another time", "with the change (UTC)", "without it"],
    rows: plan.retimed.map((retiming) => {
      const { devices, product, channel, version } = retiming;
      return [
        who(plan, devices, `${product} ${channel} ${version ?? "nothing"}`, sidesOf(retiming)),
        waveLines(retiming.waves, plan.now).join("<br>"),
        // What will not be needs no date.
        waveLines(retiming.formerWaves, plan.now, formatWait).join("<br>"),
      ];
    }),
  });
}

/** ` earlier`, or `: 30 earlier, 2 later`; nothing where nobody knows how far they are. */
function sidesOf({ earlier, later, devices }: Retiming): string {
  if (earlier === devices || later === devices) return earlier === devices ? " earlier" : " later";
  const sides = [
    ...(earlier > 0 ? [`${formatCount(earlier)} earlier`] : []),
    ...(later > 0 ? [`${formatCount(later)} later`] : []),
  ];
  return sides.length === 0 ? "" : `: ${sides.join(", ")}`;
}

function stopsOf(plan: Plan): Block[] {
  return tableBlocks({
    head: ["no longer moves", "from → to"],
    rows: plan.stopped.map(({ product, channel, from, to, devices }) => [
      who(plan, devices, `${product} ${channel}`),
      `${versionOf(from)} → ${versionOf(to)}`,
    ]),
  });
}

/** Whom the change refuses; those who were refused before are folded. */
function refusalsOf(plan: Plan): Block[] {
  const { refusals } = plan;
  const tableOf = (some: Plan["refusals"], countOf: (refusal: Plan["refusals"][number]) => number) => ({
    head: ["refused", "installed", "why"],
    rows: some.map((refusal) => [
      who(plan, countOf(refusal), `${refusal.product} ${refusal.channel}`),
      versionOf(refusal.installed),
      markdownText(refusal.reason),
    ]),
  });
  const before = refusals
    .map((refusal) => ({ ...refusal, devices: refusal.devices - refusal.added }))
    .filter(({ devices }) => devices > 0);
  return [
    ...tableBlocks(
      tableOf(
        refusals.filter(({ added }) => added > 0),
        ({ added }) => added,
      ),
    ),
    ...folded(
      `Refused before, too: ${plural(sumOf(before), nounOf(plan))}`,
      cutTable(tableOf(before, ({ devices }) => devices)),
    ),
  ];
}

function misfitsOf(plan: Plan): Block[] {
  return tableBlocks({
    head: ["cannot take it", "version", "why", "runs instead"],
    rows: plan.misfits.map(({ product, channel, target, version, cause, devices, added, instead }) => [
      who(plan, devices, `${product} ${channel}`, added < devices ? `, ${formatCount(added)} new` : ""),
      versionOf(target),
      markdownText(version === target ? cause : `${version} on the way there: ${cause}`),
      instead.map((entry) => `${versionOf(entry.version)}: ${formatCount(entry.devices)}`).join("<br>"),
    ]),
  });
}

function heldOf(plan: Plan): Block[] {
  const counts = new Map<Held["by"], number>();
  for (const { by, devices } of plan.held) counts.set(by, (counts.get(by) ?? 0) + devices);
  const kinds = [...counts].map(([by, count]) => `${formatCount(count)} by a ${by}`);
  return folded(
    `Held: ${kinds.join(", ")}`,
    cutTable({
      head: ["held", "by", "why"],
      rows: plan.held.map(({ by, product, devices, reason, where }) => [
        who(plan, devices, product),
        by,
        `${markdownText(reason)}${where === null ? "" : `<br>${markdownText(`\`${where}\``)}`}`,
      ]),
    }),
  );
}

function sharesOf(plan: Plan): Block[] {
  const rows = PLAN_DIMENSIONS.flatMap((dimension) =>
    plan.by[dimension].map(({ name, moving, total }) => [
      dimension,
      markdownText(name),
      `${shareBar(total === 0 ? 0 : Math.round((moving * WHOLE_PPM) / total))} ${formatCount(moving)} of ${formatCount(total)}`,
    ]),
  );
  const named = (["tenant", "site", "group"] as const).flatMap((dimension) => {
    const count = plan.by[dimension].length;
    return count === 0 ? [] : [plural(count, dimension)];
  });
  const summary = named.length === 0 ? "Where they are" : `Where they are: ${named.join(", ")}`;
  return folded(summary, cutTable({ head: ["by", "name", "move"], rows }));
}

function sumOf(some: readonly { readonly devices: number }[]): number {
  return some.reduce((sum, { devices }) => sum + devices, 0);
}
