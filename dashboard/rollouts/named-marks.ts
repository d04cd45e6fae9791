import type { Mark } from "./rollout-types.ts";

/** A mark that has a line through the chart, and its name where there is room for it. */
export interface NamedMark {
  readonly kind: "began" | "halt" | "resume";
  readonly place: number;
  readonly side: "left" | "right";
  readonly label: string | undefined;
}

/** Pixels of a letter, about; of a shape, and between two things. */
const LETTER = 5.8;
const SHAPE = 10;
const GAP = 8;

/** Names stand beside their marks, and not on other marks or beyond the edge. */
export function namedMarks(marks: readonly Mark[], x: (at: number) => number, edge: number): NamedMark[] {
  const lines = marks.flatMap((mark) =>
    mark.kind === "began" || mark.kind === "halt" || mark.kind === "resume"
      ? [{ kind: mark.kind, place: x(mark.at), text: textOf(mark.kind, mark.version) }]
      : [],
  );
  let free = 0;
  return lines.map(({ kind, place, text }, index): NamedMark => {
    const length = text.length * LETTER + SHAPE;
    const next = lines[index + 1]?.place ?? edge + GAP;
    const before = Math.max(free, (lines[index - 1]?.place ?? 0) + SHAPE);
    if (place + length + GAP <= next && place >= free) {
      free = place + length + GAP;
      return { kind, place, side: "right", label: text };
    }
    if (place - length - GAP >= before) {
      free = place + SHAPE;
      return { kind, place, side: "left", label: text };
    }
    free = Math.max(free, place + SHAPE);
    return { kind, place, side: "right", label: undefined };
  });
}

function textOf(kind: NamedMark["kind"], version: string): string {
  return kind === "began" ? `${version} promoted` : kind === "halt" ? "halted" : "resumed";
}
