const WIDTH = 30;
const REDRAW_MILLISECONDS = 100;

/** A download's progress on a terminal: one line, redrawn at most ten times a second, gone when it is done. */
export class ProgressBar {
  private readonly stream: NodeJS.WriteStream;
  private readonly label: string;
  private drawnAt = 0;
  private drawn = false;

  constructor(stream: NodeJS.WriteStream, label: string) {
    this.stream = stream;
    this.label = label;
  }

  update(received: number, size: number): void {
    const now = performance.now();
    if (received < size && now - this.drawnAt < REDRAW_MILLISECONDS) return;
    this.drawnAt = now;
    this.drawn = true;
    this.stream.write(`\r${this.label} ${formatBar(received, size)}`);
    if (received >= size) this.clear();
  }

  /** Takes the line away, so that what is printed next starts on a clean one. */
  clear(): void {
    if (this.drawn) this.stream.write("\r\x1b[K");
    this.drawn = false;
  }
}

/** `[=====>    ]  52 %  12.4 of 23.8 MB` */
export function formatBar(received: number, size: number): string {
  const share = size === 0 ? 1 : Math.min(1, received / size);
  const filled = Math.round(share * WIDTH);
  const bar = filled === WIDTH ? "=".repeat(WIDTH) : `${"=".repeat(filled)}>`.padEnd(WIDTH);
  const [unit, name] = size < 1e6 ? ([1e3, "kB"] as const) : ([1e6, "MB"] as const);
  const inUnits = (bytes: number): string => (bytes / unit).toFixed(1);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `[${bar}] ${percent} %  ${inUnits(received)} of ${inUnits(size)} ${name}`;
}
