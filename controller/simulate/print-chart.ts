import { formatDuration } from "../../protocol/duration.ts";
import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import { type HoldLane, type NumberedWave, type Picture, pictureOf, sampleAt, waveLabel } from "./picture.ts";
import { SHARE_PARTS, timeTicks } from "./picture-axes.ts";
import { placeLabels } from "./place-labels.ts";
import { count } from "./print-numbers.ts";
import type { SimulationResult } from "./simulation.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** What a terminal can show. */
export interface TerminalLook {
  /** Of a line, at most. */
  readonly columns: number;
  /** Whether it shows lines and blocks, or ASCII alone. */
  readonly isUnicode: boolean;
  readonly isColoured: boolean;
}

/** Rows of the plot: the axis has a number at each quarter. */
const ROWS = 12;
const LEAST_COLUMNS = 24;
const MOST_COLUMNS = 120;
/** The longest name of a row, and a blank. */
const LEAST_MARGIN = 7;

type Tone = "adopted" | "allowed" | "failed" | "halt" | "wave" | "held" | "axis" | "plain";
/** SGR parameters (ECMA-48, 8.3.117). */
const COLOURS: Readonly<Record<Tone, string>> = {
  adopted: "36",
  allowed: "1",
  failed: "31",
  halt: "1;31",
  wave: "33",
  held: "35",
  axis: "2",
  plain: "",
};

/** What things are drawn with. */
interface Symbols {
  /** From the lowest to a full cell. */
  readonly fills: readonly string[];
  readonly line: string;
  readonly upright: string;
  /** A step of the line: where it leaves its height, and where it arrives. */
  readonly up: readonly [leaves: string, arrives: string];
  readonly down: readonly [leaves: string, arrives: string];
  readonly failed: string;
  readonly halt: string;
  readonly stop: string;
  readonly wave: string;
  readonly held: string;
  readonly corner: string;
  readonly side: string;
  readonly tick: string;
}
const UNICODE: Symbols = {
  fills: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  line: "─",
  upright: "│",
  up: ["┘", "┌"],
  down: ["┐", "└"],
  failed: "x",
  halt: "┊",
  stop: "■",
  wave: "▲",
  held: "▒",
  corner: "└",
  side: "┤",
  tick: "┬",
};
const ASCII: Symbols = {
  fills: [" ", " ", " ", "#", "#", "#", "#", "#"],
  line: "-",
  upright: "|",
  up: ["+", "+"],
  down: ["+", "+"],
  failed: "x",
  halt: "!",
  stop: "X",
  wave: "^",
  held: "=",
  corner: "+",
  side: "+",
  tick: "+",
};

interface Cell {
  readonly sign: string;
  readonly tone: Tone;
}
const BLANK: Cell = { sign: " ", tone: "plain" };

/**
 * A rollout for a terminal: the share that is allowed as a line, over the share that adopted it as an area, with failures
 * on top; below, when waves open, what failed when, the halt, and when machines waited although it was their turn.
 */
export function printChart(result: SimulationResult, look: TerminalLook): string {
  const picture = pictureOf(result);
  const columns = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, look.columns));
  return new Chart(picture, { ...look, columns }).print();
}

class Chart {
  private readonly picture: Picture;
  private readonly look: TerminalLook;
  private readonly symbols: Symbols;
  /** Columns left of the plot. */
  private readonly margin: number;
  /** Columns of the plot. */
  private readonly width: number;

  constructor(picture: Picture, look: TerminalLook) {
    this.picture = picture;
    this.look = look;
    this.symbols = look.isUnicode ? UNICODE : ASCII;
    const labels = Array.from({ length: SHARE_PARTS + 1 }, (_, part) => this.shareLabel(part).length + 1);
    this.margin = Math.max(LEAST_MARGIN, ...labels);
    this.width = look.columns - this.margin - 1;
  }

  print(): string {
    const { picture } = this;
    const lines = [
      ...wrapText(`share of ${count(picture.agents)} agents`, this.look.columns),
      ...this.plot(),
      ...this.timeAxis(),
      ...this.waveLane(),
      ...this.failureLane(),
      ...this.haltLane(),
      ...picture.lanes.map((lane) => this.holdLane(lane)),
      ...this.under(wrapText(picture.caption, this.width)),
      "",
      ...this.legend(),
    ];
    return `${lines.join("\n")}\n`;
  }

  /** Rows of cells, the highest first, each behind its number. */
  private plot(): string[] {
    const cells = Array.from({ length: ROWS }, () => Array.from({ length: this.width }, () => BLANK));
    const put = (row: number, column: number, sign: string, tone: Tone): void => {
      const line = cells[ROWS - row];
      if (line !== undefined) line[column] = { sign, tone };
    };
    this.drawAreas(put);
    this.drawHalt(put, cells);
    this.drawAllowed(put);
    return cells.map((line, index) => {
      const part = ((ROWS - index) * SHARE_PARTS) / ROWS;
      const isTick = Number.isInteger(part);
      const label = isTick ? this.shareLabel(part) : "";
      const axis = isTick ? this.symbols.side : this.symbols.upright;
      return this.row(label, axis, line);
    });
  }

  private drawAreas(put: Put): void {
    const { fills, failed } = this.symbols;
    const eighths = fills.length;
    for (let column = 0; column < this.width; column++) {
      const sample = this.sampleOf(column);
      if (sample === undefined) continue;
      const adopted = this.rows(sample.adopted);
      const both = this.rows(sample.adopted + sample.failed);
      for (let row = 1; row <= ROWS; row++) {
        const part = Math.min(eighths, Math.round((adopted - row + 1) * eighths));
        if (part < eighths && both >= row - 0.5 && sample.failed > 0) put(row, column, failed, "failed");
        else if (part > 0) put(row, column, fills[part - 1] ?? " ", "adopted");
        else if (row === 1 && sample.adopted > 0) put(row, column, fills[0] ?? " ", "adopted");
      }
    }
  }

  private drawHalt(put: Put, cells: readonly (readonly Cell[])[]): void {
    const { halt, end } = this.picture;
    if (halt === undefined || halt.at > end) return;
    const column = this.columnOf(halt.at);
    for (let row = 1; row <= ROWS; row++) {
      if (cells[ROWS - row]?.[column]?.sign === " ") put(row, column, this.symbols.halt, "halt");
    }
  }

  private drawAllowed(put: Put): void {
    const { line, upright, up, down } = this.symbols;
    let before: number | undefined;
    for (let column = 0; column < this.width; column++) {
      const allowed = this.sampleOf(column)?.allowed ?? 0;
      const row = Math.ceil(this.rows(allowed) - 1e-9);
      const [leaves, arrives] = row > (before ?? row) ? up : down;
      const [low, high] = [Math.min(row, before ?? row), Math.max(row, before ?? row)];
      if (low === high) {
        put(row, column, line, "allowed");
      } else {
        for (let each = low + 1; each < high; each++) put(each, column, upright, "allowed");
        put(before ?? row, column, leaves, "allowed");
        put(row, column, arrives, "allowed");
      }
      before = row;
    }
  }

  private timeAxis(): string[] {
    const { line, tick, corner } = this.symbols;
    const ticks = timeTicks(this.picture.end, Math.max(1, Math.floor(this.width / 9)));
    const axis = Array.from({ length: this.width }, () => line);
    let labels = "";
    for (const at of ticks) {
      const column = this.columnOf(at);
      axis[column] = tick;
      const text = at === 0 ? "0" : formatDuration(at);
      const from = Math.min(this.width - text.length, Math.max(0, column - Math.floor(text.length / 2)));
      if (labels === "" || from > labels.length) labels = labels.padEnd(from) + text;
    }
    const marks = axis.map((sign) => ({ sign, tone: "axis" }) as const);
    return [this.row("0%", corner, marks), this.row("time", " ", plain(labels))];
  }

  private waveLane(): string[] {
    const { waves } = this.picture;
    if (waves.length === 0) return [];
    const placed = placeLabels<NumberedWave>(
      waves.map((wave) => ({ at: this.columnOf(wave.at), of: wave })),
      {
        textOf: (marks) => `${this.symbols.wave}${waveLabel(marks)}`,
        widthOf: textWidth,
        ...{ rows: 2, gap: 1, left: 0, right: this.width },
      },
    );
    return [0, 1].flatMap((row) => {
      const labels = placed.filter((label) => label.row === row);
      if (labels.length === 0) return [];
      const cells = Array.from({ length: this.width }, () => BLANK);
      for (const { text, from } of labels) {
        for (const [index, sign] of [...text].entries()) cells[from + index] = { sign, tone: "wave" };
      }
      return [this.row(row === 0 ? "waves" : "", " ", cells)];
    });
  }

  /** Where failures came, however few: in the plot a small share cannot be seen. */
  private failureLane(): string[] {
    const failures = this.eachColumn((column) => this.sampleOf(column)?.failed ?? 0);
    if (failures.every((failed) => failed === 0)) return [];
    return [
      this.row(
        "failed",
        " ",
        failures.map((failed, column) =>
          failed > (failures[column - 1] ?? 0) ? { sign: this.symbols.failed, tone: "failed" } : BLANK,
        ),
      ),
    ];
  }

  private haltLane(): string[] {
    const { halt, end } = this.picture;
    if (halt === undefined || halt.at > end) return [];
    const column = this.columnOf(halt.at);
    const text = `after ${formatDuration(halt.at)}`;
    const isRight = column + 2 + text.length <= this.width;
    const cells = Array.from({ length: this.width }, () => BLANK);
    const from = isRight ? column + 2 : column - 1 - text.length;
    for (const [index, sign] of [...text].entries()) {
      if (from + index >= 0) cells[from + index] = { sign, tone: "halt" };
    }
    cells[column] = { sign: this.symbols.stop, tone: "halt" };
    return [this.row("halted", " ", cells)];
  }

  private holdLane({ label, spans }: HoldLane): string {
    const cells = this.eachColumn((column) => {
      const [from, to] = [this.secondOf(column), this.secondOf(column + 1)];
      const isHeld = spans.some((span) => span.from < to && span.to > from);
      return isHeld ? ({ sign: this.symbols.held, tone: "held" } as const) : BLANK;
    });
    return this.row(label, " ", cells);
  }

  /** What its signs mean, as far as they are in the picture. */
  private legend(): string[] {
    const { picture, symbols } = this;
    const { waves, halt, lanes, samples } = picture;
    const hasFailed = samples.some(({ failed }) => failed > 0);
    const items = [
      `${symbols.fills.at(-1)} adopted`,
      `${symbols.line} allowed`,
      ...(hasFailed ? [`${symbols.failed} failed`] : []),
      ...(waves.length > 0 ? [`${symbols.wave} wave opens, its number and share`] : []),
      ...(halt === undefined || halt.at > picture.end ? [] : [`${symbols.stop} halt`]),
      ...(lanes.length > 0 ? [`${symbols.held} held back although it is their turn`] : []),
    ];
    return this.under(flow(items, this.width));
  }

  /** Lines that begin where the plot does. */
  private under(lines: readonly string[]): string[] {
    return lines.map((line) => `${" ".repeat(this.margin + 1)}${line}`);
  }

  private row(label: string, axis: string, cells: readonly Cell[]): string {
    const start = { sign: `${label.padStart(this.margin - 1)} `, tone: "plain" } as const;
    return this.paint([start, { sign: axis, tone: "axis" }, ...cells]);
  }

  private paint(cells: readonly Cell[]): string {
    let last = cells.length;
    while (last > 0 && cells[last - 1]?.sign === " ") last--;
    let text = "";
    for (let index = 0; index < last; ) {
      const tone = cells[index]?.tone ?? "plain";
      let run = "";
      for (; index < last && cells[index]?.tone === tone; index++) run += cells[index]?.sign;
      text += this.look.isColoured && tone !== "plain" ? `\u001b[${COLOURS[tone]}m${run}\u001b[0m` : run;
    }
    return text.trimEnd();
  }

  private shareLabel(part: number): string {
    return formatPpm((this.picture.top * part) / SHARE_PARTS);
  }

  /** A number of agents as a height. */
  private rows(agents: number): number {
    return ((agents / this.picture.agents) * WHOLE_PPM * ROWS) / this.picture.top;
  }

  private eachColumn<T>(make: (column: number) => T): T[] {
    return Array.from({ length: this.width }, (_, column) => make(column));
  }

  private sampleOf(column: number): ReturnType<typeof sampleAt> {
    return sampleAt(this.picture, this.secondOf(column));
  }

  private secondOf(column: number): number {
    return (column * this.picture.end) / (this.width - 1);
  }

  private columnOf(second: number): number {
    return Math.min(this.width - 1, Math.round((second * (this.width - 1)) / this.picture.end));
  }
}

type Put = (row: number, column: number, sign: string, tone: Tone) => void;

function plain(text: string): Cell[] {
  return [...text].map((sign) => ({ sign, tone: "plain" }));
}

/** Items in lines, each of them whole; one that is longer than a line is broken. */
function flow(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = `${last}   ${item}`;
    if (last !== undefined && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(...wrapText(item, width));
  }
  return lines;
}
