import { formatDuration } from "../../protocol/duration.ts";
import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import { describeWaves, type NumberedWave, type Picture, pictureOf, waveLabel } from "./picture.ts";
import { SHARE_PARTS, timeTicks } from "./picture-axes.ts";
import { type PlacedLabel, placeLabels, spreadDown } from "./place-labels.ts";
import { count, share } from "./print-numbers.ts";
import type { Sample, SimulationResult } from "./simulation.ts";
import { SVG_STYLE } from "./svg-style.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** Units of the picture; where it is shown as large as it is, pixels. */
const WIDTH = 960;
const PAD = 20;

/**
 * One of the two arrangements that the file holds: which one is seen is a matter of how wide it is shown. Sizes of letters
 * are in units, so those of the narrow one are large: at 390 pixels they are 12.
 */
interface Arrangement {
  readonly name: "wide" | "narrow";
  readonly text: number;
  readonly title: number;
  readonly leastPlot: number;
  /** Units right of the plot, where the curves have their names. */
  readonly right: number;
}
const WIDE: Arrangement = { name: "wide", text: 16, title: 22, leastPlot: 320, right: 150 };
const NARROW: Arrangement = { name: "narrow", text: 28, title: 34, leastPlot: 380, right: 0 };

/**
 * A rollout as one SVG that stands alone: it brings its colours for light and dark, uses the letters that the reader's
 * machine has, and is arranged anew where it is shown narrow. Who cannot see it has the same in words.
 */
export function printSvg(result: SimulationResult): string {
  const picture = pictureOf(result);
  const arrangements = [WIDE, NARROW].map((arrangement) => new Drawing(picture, arrangement));
  const height = Math.ceil(Math.max(...arrangements.map(({ leastHeight }) => leastHeight)));
  const { title, outcome } = picture;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="fairlead-title fairlead-said">`,
    `<title id="fairlead-title">${escapeXml(`${title}: ${outcome}`)}</title>`,
    `<desc id="fairlead-said">${escapeXml(inWords(picture, result))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    `<defs><pattern id="fairlead-failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    ...arrangements.flatMap((drawing) => drawing.draw(height)),
    "</svg>",
  ].join("\n")}\n`;
}

function inWords({ outcome, whys }: Picture, { waves, halt }: SimulationResult): string {
  return [
    `${outcome}.`,
    `Waves: ${describeWaves(waves)}.`,
    ...(halt === undefined ? [] : [`Halted after ${formatDuration(halt.at)}: ${halt.reason}.`]),
    ...whys.map((why) => `Does not run it: ${why}.`),
  ].join(" ");
}

class Drawing {
  readonly leastHeight: number;
  private readonly picture: Picture;
  private readonly arrangement: Arrangement;
  private readonly head: readonly string[];
  private readonly headHeight: number;
  private readonly foot: readonly string[];
  private readonly left: number;
  private readonly right: number;
  private top = 0;
  private bottom = 0;

  constructor(picture: Picture, arrangement: Arrangement) {
    this.picture = picture;
    this.arrangement = arrangement;
    const { text, leastPlot } = arrangement;
    const labels = [...this.shareLabels(), ...picture.lanes.map(({ label }) => label)];
    this.left = PAD + Math.max(...labels.map((label) => this.widthOf(label))) + text * 0.6;
    this.right = WIDTH - PAD - arrangement.right;
    const head = this.drawHead();
    this.head = head.parts;
    this.headHeight = head.height;
    this.foot = this.footLines();
    this.leastHeight = this.headHeight + leastPlot + this.belowPlot();
  }

  draw(height: number): string[] {
    this.top = this.headHeight;
    this.bottom = height - this.belowPlot();
    return [
      `<g class="${this.arrangement.name}" font-size="${this.arrangement.text}"${this.arrangement.name === "narrow" ? ' display="none"' : ""}>`,
      ...this.head,
      ...this.drawGrid(),
      ...this.drawAfterHalt(),
      ...this.drawWaveLines(),
      ...this.drawCurves(),
      ...this.drawHalt(),
      ...this.drawWaveNames(),
      ...this.drawEnds(),
      ...this.drawLanes(),
      ...this.drawFoot(),
      "</g>",
    ];
  }

  private get lineHeight(): number {
    return this.arrangement.text * 1.4;
  }

  /** The axis of time, lanes and lines of text below the plot. */
  private belowPlot(): number {
    return (
      this.lineHeight * (1.3 + this.picture.lanes.length + this.foot.length) +
      this.arrangement.text * 0.6 +
      PAD
    );
  }

  /** Title, outcome, legend, and the row in which waves have their names. */
  private drawHead(): { readonly parts: string[]; readonly height: number } {
    const { title, text } = this.arrangement;
    const parts: string[] = [];
    let y = PAD;
    for (const line of this.wrap(this.picture.title, WIDTH - 2 * PAD, title)) {
      y += title * 1.25;
      parts.push(this.text(PAD, y - title * 0.25, line, `class="strong" font-size="${title}"`));
    }
    for (const line of this.wrap(this.picture.outcome, WIDTH - 2 * PAD)) {
      y += this.lineHeight;
      parts.push(this.text(PAD, y - text * 0.2, line));
    }
    let x = PAD;
    y += this.lineHeight * 1.25;
    for (const { sign, name } of this.legend()) {
      const width = text * 2.2 + this.widthOf(name);
      if (x > PAD && x + width > WIDTH - PAD) {
        x = PAD;
        y += this.lineHeight;
      }
      parts.push(sign(x, y - text * 0.55), this.text(x + text * 1.7, y - text * 0.2, name, 'class="quiet"'));
      x += width + text * 0.6;
    }
    const names = Math.max(0, ...this.waveNames().map(({ row }) => row + 1));
    return { parts, height: y + this.lineHeight * (0.6 + names) };
  }

  private legend(): { sign: (x: number, y: number) => string; name: string }[] {
    const { samples, waves, halt, lanes, end, agents } = this.picture;
    const { text } = this.arrangement;
    const box = (x: number, y: number, attributes: string): string =>
      `<rect x="${n(x)}" y="${n(y - text * 0.35)}" width="${n(text * 1.3)}" height="${n(text * 0.7)}" ${attributes}/>`;
    const rule = (x: number, y: number, name: string): string =>
      `<path class="${name}" d="M${n(x)} ${n(y)}h${n(text * 1.3)}"/>`;
    const upright = (x: number, y: number, name: string): string =>
      `<path class="${name}" d="M${n(x + text * 0.65)} ${n(y - text * 0.45)}v${n(text * 0.9)}"/>`;
    return [
      { sign: (x, y) => box(x, y, 'class="adopted"'), name: `adopted, share of ${count(agents)} machines` },
      { sign: (x, y) => rule(x, y, "allowed"), name: "allowed" },
      ...(samples.some(({ failed }) => failed > 0)
        ? [{ sign: (x: number, y: number) => box(x, y, 'fill="url(#fairlead-failed)"'), name: "failed" }]
        : []),
      ...(waves.length > 0
        ? [
            {
              sign: (x: number, y: number) => upright(x, y, "wave"),
              name: "wave opens: its number, its share",
            },
          ]
        : []),
      ...(halt === undefined || halt.at > end
        ? []
        : [{ sign: (x: number, y: number) => upright(x, y, "halt"), name: "halt" }]),
      ...(lanes.length > 0
        ? [{ sign: (x: number, y: number) => box(x, y, 'class="held"'), name: "held back in its turn" }]
        : []),
    ];
  }

  private drawGrid(): string[] {
    const labels = this.shareLabels();
    const ticks = timeTicks(this.picture.end, this.arrangement.name === "wide" ? 10 : 5);
    const parts: string[] = [];
    for (const [part, label] of labels.entries()) {
      const y = this.bottom - ((this.bottom - this.top) * part) / SHARE_PARTS;
      parts.push(
        `<path class="${part === 0 ? "axis" : "grid"}" d="M${n(this.left)} ${n(y)}H${n(this.right)}"/>`,
        this.text(this.left - this.arrangement.text * 0.5, y + this.arrangement.text * 0.35, label, END),
      );
    }
    const y = this.bottom + this.lineHeight;
    let free = 0;
    for (const at of ticks) {
      const x = this.x(at);
      const label = at === 0 ? "0" : formatDuration(at);
      const half = this.widthOf(label) / 2;
      parts.push(`<path class="axis" d="M${n(x)} ${n(this.bottom)}v${n(this.arrangement.text * 0.35)}"/>`);
      const middle = Math.min(x, WIDTH - PAD - half);
      if (middle - half < free) continue;
      free = middle + half + this.arrangement.text * 0.6;
      parts.push(this.text(middle, y, label, MIDDLE));
    }
    return parts;
  }

  private drawWaveLines(): string[] {
    return this.waveNames().flatMap(({ marks, row }) =>
      marks.map(({ at }, index) => {
        // The line of a label in the upper row leads up to it.
        const top = this.top - (index === 0 ? row * this.lineHeight : 0) - 4;
        return `<path class="wave" d="M${n(at)} ${n(top)}V${n(this.bottom)}"/>`;
      }),
    );
  }

  /** In rows of their own above the plot, so that they stand on nothing. */
  private drawWaveNames(): string[] {
    return this.waveNames().map(({ text, from, marks, row }) => {
      const whole = marks
        .map(
          ({ of: { number, share, at } }) =>
            `wave ${number}: ${formatPpm(share)} after ${formatDuration(at)}`,
        )
        .join(", ");
      const y = this.top - this.arrangement.text * 0.5 - row * this.lineHeight;
      return `<text class="name" x="${n(from)}" y="${n(y)}">${escapeXml(text)}<title>${escapeXml(whole)}</title></text>`;
    });
  }

  private waveNames(): PlacedLabel<NumberedWave>[] {
    const marks = this.picture.waves.map((wave) => ({ at: this.x(wave.at), of: wave }));
    return placeLabels<NumberedWave>(marks, {
      textOf: (of) => waveLabel(of).replace(":", ": "),
      widthOf: (text) => this.widthOf(text),
      rows: WAVE_ROWS,
      gap: this.arrangement.text * 0.5,
      left: PAD,
      right: this.right,
    });
  }

  private drawCurves(): string[] {
    const { samples } = this.picture;
    const adopted = ({ adopted }: Sample): number => adopted;
    const both = ({ adopted, failed }: Sample): number => adopted + failed;
    const line = (of: (sample: Sample) => number): string => this.steps(samples, of);
    const back = `V${n(this.bottom)}H${n(this.x(0))}Z`;
    const firstFailure = samples.findIndex(({ failed }) => failed > 0);
    const failing = this.steps(firstFailure === -1 ? [] : samples.slice(firstFailure), both);
    const since = this.x(samples[firstFailure]?.at ?? 0);
    const failed = `<path fill="url(#fairlead-failed)" d="${failing}V${n(this.bottom)}H${n(since)}Z"/><path class="failed" d="${failing}"/>`;
    return [
      ...(failing === "" ? [] : [failed]),
      `<path class="adopted" d="${line(adopted)}${back}"/>`,
      `<path class="allowed" d="${line(({ allowed }) => allowed)}"/>`,
    ];
  }

  /** A line that stays where it is until the next sample, from the first to the last. */
  private steps(samples: readonly Sample[], of: (sample: Sample) => number): string {
    let before: string | undefined;
    const parts = samples.map((sample, index) => {
      const [x, y] = [n(this.x(sample.at)), n(this.y(of(sample)))];
      const isFlat = y === before && index < samples.length - 1;
      const move = before === undefined ? `M${x} ${y}` : isFlat ? "" : `H${x}V${y}`;
      before = y;
      return move;
    });
    return parts.join("");
  }

  private drawAfterHalt(): string[] {
    const { halt, end } = this.picture;
    if (halt === undefined || halt.at > end) return [];
    const x = this.x(halt.at);
    return [
      `<rect class="after" x="${n(x)}" y="${n(this.top)}" width="${n(this.right - x)}" height="${n(this.bottom - this.top)}"/>`,
    ];
  }

  private drawHalt(): string[] {
    const { halt, end } = this.picture;
    if (halt === undefined || halt.at > end) return [];
    const { text } = this.arrangement;
    const x = this.x(halt.at);
    const label = `halted after ${formatDuration(halt.at)}`;
    const isRight = x + text * 0.5 + this.widthOf(label) < this.right;
    return [
      `<path class="halt" d="M${n(x)} ${n(this.top)}V${n(this.bottom)}"/>`,
      this.text(
        x + text * (isRight ? 0.5 : -0.5),
        this.top + text * 1.2,
        label,
        `class="halted${isRight ? "" : " end"}"`,
      ),
    ];
  }

  /** What the curves have come to, right of the plot. */
  private drawEnds(): string[] {
    const { text, right } = this.arrangement;
    const last = this.picture.samples.at(-1);
    if (right === 0 || last === undefined) return [];
    const { agents } = this.picture;
    const { allowed, adopted, failed } = last;
    const ends = [
      { y: this.y(allowed), label: `${share(allowed, agents)} allowed` },
      ...(failed === 0 ? [] : [{ y: this.y(adopted + failed), label: `${share(failed, agents)} failed` }]),
      { y: this.y(adopted), label: `${share(adopted, agents)} adopted` },
    ];
    const places = spreadDown(
      ends.map(({ y }) => y),
      this.lineHeight,
      this.bottom,
    );
    return ends.map(({ y, label }, index) =>
      this.text(this.right + text * 0.5, (places[index] ?? y) + text * 0.35, label),
    );
  }

  /** When machines waited in their turn: rows below the axis, by what held them. */
  private drawLanes(): string[] {
    const { text } = this.arrangement;
    const { lanes, end } = this.picture;
    return lanes.flatMap(({ label, spans }, index) => {
      const y = this.bottom + this.lineHeight * (1.3 + index);
      return [
        this.text(this.left - text * 0.5, y + text, label, END),
        ...spans.map(({ from, to }) => {
          const [start, width] = [this.x(from), this.x(Math.min(to, end)) - this.x(from)];
          return `<rect class="held" x="${n(start)}" y="${n(y + text * 0.3)}" width="${n(Math.max(1.5, width))}" height="${n(text * 0.75)}"/>`;
        }),
      ];
    });
  }

  private footLines(): string[] {
    const { caption, whys } = this.picture;
    const width = WIDTH - 2 * PAD;
    return [...this.wrap(caption, width), ...whys.flatMap((why) => this.wrap(`without it: ${why}`, width))];
  }

  private drawFoot(): string[] {
    const begin = this.bottom + this.lineHeight * (1.3 + this.picture.lanes.length);
    return this.foot.map((line, index) =>
      this.text(PAD, begin + this.lineHeight * (index + 1), line, 'class="quiet"'),
    );
  }

  private shareLabels(): string[] {
    return Array.from({ length: SHARE_PARTS + 1 }, (_, part) =>
      formatPpm((this.picture.top * part) / SHARE_PARTS),
    );
  }

  private x(second: number): number {
    return this.left + (second / this.picture.end) * (this.right - this.left);
  }

  private y(agents: number): number {
    const part = (agents / this.picture.agents) * (WHOLE_PPM / this.picture.top);
    return this.bottom - part * (this.bottom - this.top);
  }

  private text(x: number, y: number, text: string, attributes = ""): string {
    return `<text x="${n(x)}" y="${n(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escapeXml(text)}</text>`;
  }

  private wrap(text: string, width: number, size = this.arrangement.text): string[] {
    return wrapText(text, width, (part) => textWidth(part) * size * LETTER);
  }

  private widthOf(text: string): number {
    return textWidth(text) * this.arrangement.text * LETTER;
  }
}

/** How wide a letter is beside how high, at most on average: whose fonts these are, nobody knows here. */
const LETTER = 0.6;
/** Rows of names that waves may take. */
const WAVE_ROWS = 2;
const END = 'class="end"';
const MIDDLE = 'class="middle"';

/** A tenth of a unit is finer than any eye. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** What XML 1.0 has no way to write is left out. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "?")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
