/** What the program says, as lines for people or as one document, and which promises were kept. */
export interface Promised {
  readonly isKept: boolean;
  readonly text: string;
}

export class Narrator {
  readonly promises: Promised[] = [];
  private readonly isQuiet: boolean;
  private readonly began = performance.now();
  private isLive = false;

  constructor(isQuiet: boolean) {
    this.isQuiet = isQuiet;
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.isQuiet) return;
    this.wipe();
    process.stdout.write(`${this.clock()}  ${text}\n`);
  }

  /** The line that is written again and again, on a terminal alone. */
  show(text: string): void {
    if (this.isQuiet || !process.stdout.isTTY) return;
    this.wipe();
    process.stdout.write(`${this.clock()}  ${text}`.slice(0, process.stdout.columns - 1));
    this.isLive = true;
  }

  promise(isKept: boolean, text: string): void {
    this.promises.push({ isKept, text });
    this.say(`${isKept ? "kept  " : "BROKEN"}  ${text}`);
  }

  private wipe(): void {
    if (this.isLive) process.stdout.write("\r\u001b[K");
    this.isLive = false;
  }

  private clock(): string {
    return `${((performance.now() - this.began) / 1000).toFixed(0).padStart(5)} s`;
  }
}
