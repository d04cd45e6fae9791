/** `100,000`, the same on every machine. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 device`, `2,000 devices`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
