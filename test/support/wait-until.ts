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
