import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import { formatCount, formatShare, plural } from "./format-count.ts";
import { PLAN_DIMENSIONS, type Plan } from "./plan.ts";
import {
  beginText,
  besides,
  EXPECTATIONS,
  openingText,
  opens,
  shortId,
  sides,
  versions,
  wavesText,
  when,
} from "./print-plan-text.ts";

const MAX_ROWS = 20;
const MOST_WARNINGS = 3;

/** A plan as a comment on a pull or merge request. The first line lets a bot find the comment that it updates. */
export function printPlanMarkdown(plan: Plan): string {
  const noun = plan.inventory.kind === "devices" ? "device" : "scope";
  const { blast, inventory } = plan;
  const lines = [
    "<!-- fairlead-plan -->",
    `### ${formatCount(blast.devices)} of ${plural(inventory.total, noun)} move (${formatShare(blast.share)})${besides(blast)}${fromWhen(plan)}${breaks(plan)}`,
    ...expectations(plan),
    ...warnings(plan),
    "",
    `\`${shortId(plan.before)}\` to \`${shortId(plan.after)}\`, as if merged at ${formatTime(plan.now)}, over ${text(inventory.name)}.`,
  ];
  for (const opening of plan.openings) lines.push("", `This ${text(openingText(opening, plan.now))}.`);
  lines.push(
    ...table(
      ["product", "channel", "version", `${noun}s`, "when"],
      plan.transitions.map((transition) => [
        transition.product,
        transition.channel,
        `${versions(transition)}${transition.via.length === 0 ? "" : ` by way of ${transition.via.join(", ")}`}`,
        formatCount(transition.devices),
        whenOf(plan, transition),
      ]),
    ),
    ...table(
      ["at another time", "channel", `${noun}s`, "with the change", "without it"],
      plan.retimed.map((retiming) => [
        `${retiming.product} ${retiming.version ?? "nothing"}`,
        retiming.channel,
        `${formatCount(retiming.devices)}${sides(retiming)}`,
        wavesText(retiming.waves, plan.now),
        wavesText(retiming.formerWaves, plan.now),
      ]),
    ),
    ...table(
      ["no longer moves to", "channel", "installed", `${noun}s`],
      plan.stopped.map(({ product, channel, from, to, devices }) => [
        `${product} ${to ?? "nothing"}`,
        channel,
        from ?? "nothing",
        formatCount(devices),
      ]),
    ),
    ...table(
      ["refused", "channel", "installed", `${noun}s`, "reason"],
      plan.refusals.map(({ product, channel, installed, devices, reason }) => [
        product,
        channel,
        installed ?? "nothing",
        formatCount(devices),
        reason,
      ]),
    ),
    ...table(
      ["cannot take", "channel", `${noun}s`, "cause", "run instead"],
      plan.misfits.map(({ product, channel, target, version, cause, devices, instead }) => [
        `${product} ${target}`,
        channel,
        formatCount(devices),
        version === target ? cause : `${version} on the way there: ${cause}`,
        instead.map((entry) => `${entry.version ?? "nothing"}: ${formatCount(entry.devices)}`).join("<br>"),
      ]),
    ),
    ...folded(
      `Held: ${plural(sumOf(plan.held), noun)}`,
      table(
        ["held by", "product", `${noun}s`, "reason", "where"],
        plan.held.map(({ by, product, devices, reason, where }) => [
          by,
          product,
          formatCount(devices),
          reason,
          where ?? "",
        ]),
      ),
    ),
    ...shares(plan),
  );
  return `${lines.join("\n")}\n`;
}

function whenOf(plan: Plan, transition: Plan["transitions"][number]): string {
  const { waves, schedule } = transition;
  const entries =
    plan.inventory.kind === "scopes"
      ? waves.map((wave) => `${formatPpm(wave.share)} ${opens(wave, plan.now)}`)
      : schedule.map(({ at, devices }) => `${formatCount(devices)} from ${when(at, plan.now)}`);
  return barsOf(waves) + [...entries, beginText(transition, plan.now) ?? []].flat().join("<br>");
}

function shares(plan: Plan): string[] {
  const rows = PLAN_DIMENSIONS.flatMap((dimension) =>
    plan.by[dimension].map(({ name, moving, total }) => [
      dimension,
      name,
      `${formatCount(moving)} of ${formatCount(total)}`,
    ]),
  );
  return folded("Who moves", table(["by", "name", "move"], rows));
}

/** Long parts are there for whoever opens them. */
function folded(summary: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `<details><summary>${summary}</summary>`, ...lines, "", "</details>"];
}

function sumOf(held: Plan["held"]): number {
  return held.reduce((sum, { devices }) => sum + devices, 0);
}

/** When the first of those who move does so: what a reviewer asks next. */
function fromWhen({ transitions, retimed, inventory, now }: Plan): string {
  const times = [...transitions, ...retimed].flatMap(({ waves, schedule }) =>
    inventory.kind === "scopes" || schedule === undefined
      ? waves.flatMap(({ at, shut }) => (shut === true ? [] : [at]))
      : schedule.map(({ at }) => at),
  );
  if (times.length === 0) return "";
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (last <= now) return ", at once";
  const from = first <= now ? "now" : when(first, now);
  return first === last ? `, from ${from}` : `, from ${from} to ${when(last, now)}`;
}

/** In the first line, since somebody has to decide about it. */
function breaks({ expectations: all }: Plan): string {
  const broken = all.filter(({ kind }) => kind === "broken").length;
  return broken === 0 ? "" : `; breaks ${plural(broken, "expectation")}`;
}

/** What the state expects and would not be so, before everything else: somebody has written down that it matters. */
function expectations({ expectations: all }: Plan): string[] {
  const shown = all.map(({ kind, message, file, line, decidedBy }) => [
    "",
    kind === "broken" ? "> [!CAUTION]" : "> [!WARNING]",
    `> ${text(message)}. Expected at ${text(`${file}:${line}`)}, ${EXPECTATIONS[kind]}`,
    ...(decidedBy === null
      ? []
      : [`> <br>${text(`${decidedBy.file}:${decidedBy.line}`)} ${text(decidedBy.text)}`]),
  ]);
  const more = shown.slice(MOST_WARNINGS);
  return [
    ...shown.slice(0, MOST_WARNINGS).flat(),
    ...folded(`${plural(more.length, "more expectation")}`, more.flat()),
  ];
}

/** The worst first and open, the others behind it. */
function warnings({ warnings: all }: Plan): string[] {
  const shown = all.map(({ message, help }) => [
    "",
    "> [!WARNING]",
    `> ${text(message)}${help === undefined ? "" : `. To solve it: ${text(help)}`}`,
  ]);
  const more = shown.slice(MOST_WARNINGS);
  return [
    ...shown.slice(0, MOST_WARNINGS).flat(),
    ...folded(`${plural(more.length, "more warning")}`, more.flat()),
  ];
}

const BARS = "▁▂▃▄▅▆▇█";

/** The waves as a row of bars, each as high as its share: a reviewer sees a steep one at once. */
function barsOf(waves: readonly { readonly share: number }[]): string {
  if (waves.length < 2) return "";
  const bars = waves.map(({ share }) => BARS[Math.min(7, Math.floor((share * 8) / WHOLE_PPM))] ?? "");
  return `${bars.join("")} `;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MAX_ROWS).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const more = rows.length > MAX_ROWS ? ["", `and ${rows.length - MAX_ROWS} more`] : [];
  return ["", `| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...shown, ...more];
}

/** What state says may hold anything: it must not become markup, and must not mention anybody. */
function text(value: string): string {
  return value
    .replace(/[\\`*_[\]#|]/g, "\\$&")
    .replace(/</g, "&lt;")
    .replace(/@/g, "@\u200b")
    .replace(/\s+/g, " ");
}

function cell(value: string): string {
  return value.split("<br>").map(text).join("<br>");
}
