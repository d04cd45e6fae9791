import { DomainError } from "../../protocol/domain-error.ts";
import { InstallError } from "../install-error.ts";
import { printable } from "./printable.ts";

/** A refusal as data: what is wrong, what was expected and found, and what to do. */
export interface Refusal {
  /** `area/cause`. */
  readonly id: string;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly help?: string;
}

const DEFECT = "agent/defect";

/** The areas of those errors whose codes do not say it themselves. */
const AREAS: ReadonlyMap<string, string> = new Map([
  ["FetchError", "fetch"],
  ["ProtocolError", "protocol"],
  ["TrustError", "trust"],
]);

/** Any error as a refusal; one that is not foreseen is a defect and says so. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof DomainError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: DEFECT, message, help: "this is a defect of Fairlead, please report it" };
  }
  const { expected, got } = error instanceof InstallError ? error : {};
  return {
    id: error.code.includes("/") ? error.code : `${AREAS.get(error.name) ?? "agent"}/${error.code}`,
    message: error.message,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(error.help === undefined ? {} : { help: error.help }),
  };
}

/** For people, in the form of every Fairlead diagnostic. */
export function formatRefusal({ id, message, expected, got, help }: Refusal): string {
  // Only what we cannot explain has lines of its own: the stack of a defect.
  const text = id === DEFECT ? message.split("\n").map(printable).join("\n") : printable(message);
  const lines = [`error[${id}]: ${text}`];
  if (expected !== undefined) lines.push(`  = expected: ${printable(expected)}`);
  if (got !== undefined) lines.push(`  = got: ${printable(got)}`);
  if (help !== undefined) lines.push(`  = help: ${printable(help)}`);
  return lines.join("\n");
}
