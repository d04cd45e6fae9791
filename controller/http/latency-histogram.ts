/** Seconds up to which an answer counts into a bucket, as Prometheus' `le`; what takes longer counts into the last alone. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60] as const;

interface Series {
  /** How many answers fell into each bucket, not cumulative; one more for those above all bounds. */
  readonly counts: Float64Array;
  sum: number;
}

/**
 * How long answers take, by route, in the text format that Prometheus scrapes. Counted into numbers here, because
 * prom-client hashes the labels at each observation, and every poll is one.
 */
export class LatencyHistogram {
  private readonly name: string;
  private readonly help: string;
  private readonly series = new Map<string, Series>();

  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  observe(route: string, seconds: number): void {
    let series = this.series.get(route);
    if (series === undefined) {
      series = { counts: new Float64Array(BOUNDS.length + 1), sum: 0 };
      this.series.set(route, series);
    }
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > (BOUNDS[bucket] ?? 0)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  text(): string {
    const { name } = this;
    const lines = [`# HELP ${name} ${this.help}`, `# TYPE ${name} histogram`];
    for (const [route, { counts, sum }] of this.series) {
      const label = `route="${route.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`))}"`;
      let count = 0;
      for (const [bucket, bound] of [...BOUNDS, "+Inf"].entries()) {
        count += counts[bucket] ?? 0;
        lines.push(`${name}_bucket{le="${bound}",${label}} ${count}`);
      }
      lines.push(`${name}_sum{${label}} ${sum}`, `${name}_count{${label}} ${count}`);
    }
    return `${lines.join("\n")}\n`;
  }
}
