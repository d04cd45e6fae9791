import { formatDuration } from "../../protocol/duration.ts";
import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import type { SimulationResult } from "./simulation.ts";

/** What came out, in a few lines. */
export function printSummary(result: SimulationResult): string {
  const { product, channel, version, agents, until, seed, adopted, failed, staying, halt, gate, origin } =
    result;
  const { beginsAfter, advance, misfits } = result;
  const lines = [
    `${product} ${version} on ${channel}: ${count(agents)} agents, ${formatDuration(until)}, seed ${seed}`,
    ...(beginsAfter > 0 ? [`begins:  after ${formatDuration(beginsAfter)}, at \`startsAt\``] : []),
    ...(advance === undefined
      ? []
      : [
          `waves:   as if somebody opened each at its time (\`advance: ${advance}\`, \`fairlead advance ${channel}\`)`,
        ]),
    `adopted: ${count(adopted)} (${share(adopted, agents)})`,
    `failed:  ${count(failed)} (${share(failed, agents)}), all back on the version before`,
  ];
  for (const { reason, agents: some } of staying) {
    lines.push(`staying: ${count(some)} (${share(some, agents)}): ${reason}`);
  }
  if (misfits > 0) {
    lines.push(`misfits: ${count(misfits)} (${share(misfits, agents)}) cannot take it, for what it requires`);
  }
  if (halt !== undefined) {
    const { at, reason, exposed } = halt;
    lines.push(
      `halted:  after ${formatDuration(at)}: ${reason}`,
      `         ${count(exposed)} devices (${share(exposed, agents)}) had been offered it by then, ${count(halt.failed)} of them failed`,
    );
  } else if (gate === undefined) {
    lines.push("halted:  no, the channel has no gate");
  } else {
    lines.push(`halted:  no, the gate is ${gate.verdict}: ${gate.reason}`);
  }
  const { peakRequests, peakBytes, requests, bytes } = origin;
  lines.push(
    `origin:  at most ${count(peakRequests.value)} requests/s (after ${formatDuration(peakRequests.at)}) and ${size(peakBytes.value)}/s (after ${formatDuration(peakBytes.at)})`,
    `         ${count(requests)} requests and ${size(bytes)} in all`,
  );
  return `${lines.join("\n")}\n`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function share(part: number, whole: number): string {
  return formatPpm(Math.round((part * WHOLE_PPM) / whole / 100) * 100);
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
