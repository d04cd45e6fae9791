import { formatDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { describeWaves, pictureOf } from "./picture.ts";
import { count, share, size } from "./print-numbers.ts";
import type { SimulationResult } from "./simulation.ts";
import { wrapText } from "./text-width.ts";

const LABEL = 9;

/**
 * What came out, in a few lines: what was adopted, and why not the rest.
 *
 * @param columns that a line takes at most
 */
export function printSummary(result: SimulationResult, columns: number): string {
  const { product, channel, version, agents, until, seed } = result;
  const head = `${product} ${version} on ${channel}: ${count(agents)} agents, ${formatDuration(until)}, seed ${seed}`;
  const lines = [
    ...wrapText(printable(head), columns),
    ...[
      ...beginningOf(result),
      ...adoptionOf(result),
      ...withoutOf(result),
      ...haltOf(result),
      ...originOf(result),
    ].flatMap(([label, text]) => labelled(label, printable(text), columns)),
  ];
  return `${lines.join("\n")}\n`;
}

/** A name, and what is said of it; without a name it goes on with what stands above. */
type Line = readonly [label: string, text: string];

function labelled(label: string, text: string, columns: number): string[] {
  return wrapText(text, Math.max(1, columns - LABEL)).map((line, index) =>
    `${(index === 0 ? label : "").padEnd(LABEL)}${line}`.trimEnd(),
  );
}

function beginningOf({
  beginsAfter,
  advance,
  channel,
  waves,
  ignoredHalt,
  version,
}: SimulationResult): Line[] {
  const lines: Line[] = [["waves:", describeWaves(waves)]];
  if (beginsAfter > 0) lines.unshift(["begins:", `after ${formatDuration(beginsAfter)}, at \`startsAt\``]);
  if (advance !== undefined) {
    const how = `as if somebody opened each at its time (\`advance: ${advance}\`, \`fairlead advance ${channel}\`)`;
    lines.push(["", how]);
  }
  if (ignoredHalt !== undefined) {
    lines.push(["resumed:", `${version} stands halted (${ignoredHalt}): here as if somebody had resumed it`]);
  }
  return lines;
}

function adoptionOf({ agents, allowed, adopted, failed, passedWaves, halt }: SimulationResult): Line[] {
  const of = (part: number): string => `${count(part)} (${share(part, agents)})`;
  return [
    ["allowed:", `${of(allowed)}${halt === undefined ? "" : ": the halt keeps it from all others"}`],
    ...(passedWaves === 0
      ? []
      : [
          [
            "",
            `${of(passedWaves)} before their turn in the waves: below the minimum, or pinned to it`,
          ] as const,
        ]),
    ["adopted:", of(adopted)],
    ["failed:", `${of(failed)}${failed === 0 ? "" : ", all back on the version before"}`],
  ];
}

function withoutOf(result: SimulationResult): Line[] {
  const { agents, adopted, failed } = result;
  const without = agents - adopted - failed;
  if (without === 0) return [];
  const { whys } = pictureOf(result);
  return [
    ["without:", `${count(without)} (${share(without, agents)})`],
    ...whys.map((why) => ["  why:", why] as const),
  ];
}

function haltOf({ halt, gate, agents }: SimulationResult): Line[] {
  if (halt !== undefined) {
    const { at, reason, exposed, failed } = halt;
    const reached = `${count(exposed)} devices (${share(exposed, agents)}) had been offered it by then, ${count(failed)} of them failed`;
    return [
      ["halted:", `after ${formatDuration(at)}: ${reason}`],
      ["", reached],
    ];
  }
  if (gate === undefined) return [["halted:", "no, the channel has no gate"]];
  return [["halted:", `no, the gate is ${gate.verdict}: ${gate.reason}`]];
}

function originOf({ origin }: SimulationResult): Line[] {
  const { peakRequests, peakBytes, requests, bytes } = origin;
  return [
    [
      "origin:",
      `at most ${count(peakRequests.value)} requests/s (after ${formatDuration(peakRequests.at)}) and ${size(peakBytes.value)}/s (after ${formatDuration(peakBytes.at)})`,
    ],
    ["", `${count(requests)} requests and ${size(bytes)} in all`],
  ];
}
