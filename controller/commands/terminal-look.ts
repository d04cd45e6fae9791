import type { TerminalLook } from "../simulate/print-chart.ts";
import { isColoured } from "./colour.ts";

/** Columns where nobody says how many there are: in a pipe, a file, a log. */
const USUAL_COLUMNS = 80;

/** What can be shown on a stream. */
export function terminalLook(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env = process.env,
  platform: NodeJS.Platform = process.platform,
): TerminalLook {
  const columns = stream.columns === undefined || stream.columns === 0 ? USUAL_COLUMNS : stream.columns;
  return { columns, isUnicode: isUnicode(env, platform), isColoured: isColoured(stream, env) };
}

/**
 * Whether the locale has more than ASCII: the first of LC_ALL, LC_CTYPE and LANG that is set decides (POSIX, XBD 8.2). Where
 * systems do without them, on Windows and in programs that a Mac starts by itself, terminals show UTF-8.
 */
function isUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== "");
  if (locale === undefined) return platform === "win32" || platform === "darwin";
  return /utf-?8/i.test(locale);
}
