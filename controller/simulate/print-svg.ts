import { formatDuration } from "../../protocol/duration.ts";
import type { Sample, SimulationResult } from "./simulation.ts";

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 56, right: 16, top: 48, bottom: 40 };

/** Adoption and failures over time as one self-contained SVG, with a title for readers who do not see it. */
export function printSvg(result: SimulationResult): string {
  const { product, version, channel, agents, until, samples, halt, adopted, failed } = result;
  const x = (at: number): number => MARGIN.left + (at / until) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (devices: number): number =>
    HEIGHT - MARGIN.bottom - (devices / agents) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const line = (of: (sample: Sample) => number, colour: string): string => {
    const points = samples.map((sample) => `${x(sample.at).toFixed(1)},${y(of(sample)).toFixed(1)}`);
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  };
  const label = (left: number, top: number, text: string, anchor = "start"): string =>
    `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;

  const title = `${product} ${version} on ${channel}: ${adopted} of ${agents} adopted, ${failed} failed`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    label(MARGIN.left, 24, title),
  ];
  for (const percent of [0, 25, 50, 75, 100]) {
    const level = y((agents * percent) / 100);
    parts.push(
      `<line x1="${MARGIN.left}" y1="${level.toFixed(1)}" x2="${WIDTH - MARGIN.right}" y2="${level.toFixed(1)}" stroke="#ddd"/>`,
      label(MARGIN.left - 6, level + 4, `${percent}%`, "end"),
    );
  }
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(label(x(until * part), HEIGHT - 16, formatDuration(until * part), "middle"));
  }
  parts.push(
    line(({ adopted }) => adopted, "#1a7f37"),
    line(({ failed }) => failed, "#cf222e"),
  );
  if (halt !== undefined) {
    const at = x(halt.at).toFixed(1);
    parts.push(
      `<line x1="${at}" y1="${MARGIN.top}" x2="${at}" y2="${HEIGHT - MARGIN.bottom}" stroke="#cf222e" stroke-dasharray="4 3"/>`,
      label(x(halt.at) + 6, MARGIN.top + 4, `halted after ${formatDuration(halt.at)}`),
    );
  }
  parts.push("</svg>");
  return `${parts.join("\n")}\n`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
