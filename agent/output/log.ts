import { printable } from "./printable.ts";
import { formatRefusal, type Refusal } from "./refusal.ts";

export type LogForm = "human" | "json";
export type Level = "info" | "warn" | "error";
type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** What the agent tells: a line for people, or one JSON object a line for machines. */
export interface Log {
  event(level: Level, event: string, text: string, fields?: Fields): void;
  refusal(refusal: Refusal): void;
}

/**
 * The form that was asked for, else text on a terminal and JSON elsewhere; `undefined`: there is no such form.
 */
export function logForm(asked: string | undefined, isTerminal: boolean): LogForm | undefined {
  switch (asked) {
    case undefined:
      return isTerminal ? "human" : "json";
    case "human":
    case "json":
      return asked;
    default:
      return undefined;
  }
}

/** @param write takes whole lines, without their end */
export function createLog(form: LogForm, write: (line: string) => void): Log {
  switch (form) {
    case "human":
      return {
        event: (_level, _event, text) => write(printable(text)),
        refusal: (refusal) => write(formatRefusal(refusal)),
      };
    case "json": {
      const line = (level: Level, fields: Fields | Refusal): void =>
        write(JSON.stringify({ time: new Date().toISOString(), level, ...fields }));
      return {
        event: (level, event, text, fields = {}) => line(level, { event, ...fields, message: text }),
        refusal: (refusal) => line("error", { event: "refused", ...refusal }),
      };
    }
  }
}
