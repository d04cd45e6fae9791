/** One thing that is timed, and the peer of the same run that it is compared to. */
export interface Measured {
  readonly name: string;
  /** Figures of the rounds, in `unit`. */
  readonly figures: readonly number[];
  readonly unit: string;
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Runs the contestants in turn, A B C A B C ..., so that a machine whose speed drifts is unfair to none. */
export async function interleave(
  rounds: number,
  contestants: readonly {
    readonly name: string;
    readonly unit: string;
    readonly once: () => Promise<number>;
  }[],
): Promise<Measured[]> {
  const figures = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) figures[index]?.push(await contestant.once());
  }
  return contestants.map(({ name, unit }, index) => ({ name, unit, figures: figures[index] ?? [] }));
}

/** Prints a table: median, spread, and the ratio to the first row, which is the peer. */
export function printTable(title: string, rows: readonly Measured[]): void {
  console.log(`\n${title}`);
  const peer = median(rows[0]?.figures ?? []);
  for (const { name, unit, figures } of rows) {
    const middle = median(figures);
    const spread = `${format(Math.min(...figures))}..${format(Math.max(...figures))}`;
    const ratio = (middle / peer).toFixed(2);
    console.log(
      `  ${name.padEnd(44)} ${format(middle).padStart(10)} ${unit.padEnd(6)} ${spread.padEnd(22)} ${ratio}`,
    );
  }
}

function format(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString("en") : figure.toPrecision(3);
}
