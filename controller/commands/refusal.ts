import type { CommanderError } from "commander";
import { DomainError } from "../../protocol/domain-error.ts";
import { toSystemError } from "../files/system-error.ts";

/** Why a command did nothing, in the one form of both programs. */
export interface Refusal {
  /** `area/cause`. */
  readonly id: string;
  readonly message: string;
  readonly help?: string;
}

/** Any error as a refusal; one that nobody foresaw is a defect, says so, and has its stack. */
export function refusalOf(error: unknown): Refusal {
  const known = error instanceof DomainError ? error : toSystemError(error);
  if (known === undefined) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: "internal/defect", message: `this is a defect of Fairlead, please report it\n${detail}` };
  }
  const { code: id, message, help } = known;
  return { id, message, ...(help === undefined ? {} : { help }) };
}

const SUGGESTION = /^\((.*)\)$/;
const HELP = /^ {2}= help: (.*)$/;

/** Wrong use as a refusal: what stands in the lines that the parser, or a command, has for people. */
export function usageRefusal({ code, message }: CommanderError): Refusal {
  const [first = "", ...more] = message.split("\n");
  const [, id, said = first] = /^error(?:\[([a-z/-]+)\])?: (.*)$/.exec(first) ?? [];
  const help = more.map((line) => HELP.exec(line)?.[1] ?? SUGGESTION.exec(line)?.[1]).find(Boolean);
  return {
    id: id ?? usageId(code),
    message: said,
    ...(help === undefined ? {} : { help: help.charAt(0).toLowerCase() + help.slice(1) }),
  };
}

/** `commander.unknownOption` is `usage/unknown-option`. */
function usageId(code: string): string {
  const name = code === "commander.error" ? "bad-value" : code.replace(/^commander\./, "");
  return `usage/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** For people, in the form of every Fairlead diagnostic. */
export function textOfRefusal({ id, message, help }: Refusal): string {
  return `error[${id}]: ${message}\n${help === undefined ? "" : `  = help: ${help}\n`}`;
}

/** For programs: what stands in the place of the answer. */
export function jsonOfRefusal(refusal: Refusal): string {
  return `${JSON.stringify({ error: refusal }, undefined, 2)}\n`;
}
