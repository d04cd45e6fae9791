import type { Command } from "commander";
import { EXIT } from "./command-line.ts";

/**
 * Reads `--now`: an RFC 3339 time with a zone, or seconds since 1970; the present when absent. Anything else is wrong
 * use of `command`.
 *
 * @param option how the command calls it
 */
export function parseNow(text: string | undefined, command: Command, option = "--now"): number {
  if (text === undefined) return Math.floor(Date.now() / 1000);
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const isDated = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = isDated ? Date.parse(text) / 1000 : Number.NaN;
  if (Number.isSafeInteger(time)) return time;
  return command.error(
    `error: ${option} expects a time such as 2026-11-20T08:00:00Z or seconds since 1970, got \`${text}\``,
    { exitCode: EXIT.usage },
  );
}
