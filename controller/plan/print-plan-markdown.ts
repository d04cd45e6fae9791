import { formatPpm } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import { formatCount, plural } from "./format-count.ts";
import { PLAN_DIMENSIONS, type Plan } from "./plan.ts";
import {
  beginText,
  besides,
  openingText,
  opens,
  shortId,
  sides,
  versions,
  wavesText,
  when,
} from "./print-plan-text.ts";

const MAX_ROWS = 20;

/** A plan as a comment on a pull or merge request. The first line lets a bot find the comment that it updates. */
export function printPlanMarkdown(plan: Plan): string {
  const noun = plan.inventory.kind === "devices" ? "device" : "scope";
  const { blast, inventory } = plan;
  const lines = [
    "<!-- fairlead-plan -->",
    `### Fairlead plan: ${formatCount(blast.devices)} of ${plural(inventory.total, noun)} move (${formatPpm(blast.share)})${besides(blast)}`,
    "",
    `\`${shortId(plan.before)}\` to \`${shortId(plan.after)}\`, as if merged at ${formatTime(plan.now)}, over ${text(inventory.name)}.`,
  ];
  for (const { message, help } of plan.warnings) {
    lines.push(
      "",
      "> [!WARNING]",
      `> ${text(message)}${help === undefined ? "" : `. To solve it: ${text(help)}`}`,
    );
  }
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
      ["held by", "product", `${noun}s`, "reason", "where"],
      plan.held.map(({ by, product, devices, reason, where }) => [
        by,
        product,
        formatCount(devices),
        reason,
        where ?? "",
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
  return [...entries, beginText(transition, plan.now) ?? []].flat().join("<br>");
}

function shares(plan: Plan): string[] {
  const rows = PLAN_DIMENSIONS.flatMap((dimension) =>
    plan.by[dimension].map(({ name, moving, total }) => [
      dimension,
      name,
      `${formatCount(moving)} of ${formatCount(total)}`,
    ]),
  );
  const lines = table(["by", "name", "move"], rows);
  return lines.length === 0 ? [] : ["", "<details><summary>Who moves</summary>", ...lines, "", "</details>"];
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
