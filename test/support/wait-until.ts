import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until `probe` gives a value. It gives up only after a minute, so that a slow machine does not fail a test:
 * how long something takes is never what a test asserts.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const giveUp = Date.now() + 60_000;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > giveUp) throw new Error(`waited a minute for ${what}`);
    await sleep(50);
  }
}

/**
 * Waits until a child has written something that matches to its standard output, such as where it listens.
 *
 * @returns the first group of the match
 */
export async function waitForWords(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return waitUntil(`a child to say ${pattern}`, () => {
    const words = pattern.exec(output)?.[1];
    if (words === undefined && child.exitCode !== null)
      throw new Error(`it ended with ${child.exitCode}\n${output}`);
    return words;
  });
}
