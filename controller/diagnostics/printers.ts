import { printGithub } from "./print-github.ts";
import { printGitlab } from "./print-gitlab.ts";
import { printJson } from "./print-json.ts";
import { printJunit } from "./print-junit.ts";
import { printLine } from "./print-line.ts";
import { printPretty } from "./print-pretty.ts";
import { printSarif } from "./print-sarif.ts";
import type { Printer } from "./printer.ts";

/** The formats of `--format`. */
export const PRINTERS = {
  pretty: printPretty,
  line: printLine,
  json: printJson,
  github: printGithub,
  gitlab: printGitlab,
  sarif: printSarif,
  junit: printJunit,
} as const satisfies Readonly<Record<string, Printer>>;

export type PrintFormat = keyof typeof PRINTERS;
