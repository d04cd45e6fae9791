import { DomainError } from "../../protocol/domain-error.ts";
import { printable } from "../../protocol/printable.ts";
import { InstallError } from "../installation/install-error.ts";
import { DEFECT } from "./defect-error.ts";

/** A refusal as data: what is wrong, what was expected and found, and what to do. */
export interface Refusal {
  /** `area/cause`. */
  readonly id: string;
  readonly message: string;
  /** Which one it is about, where there are several. */
  readonly product?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly help?: string;
}

/** Any error as a refusal; one that is not foreseen is a defect and says so. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof DomainError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: DEFECT, message, help: "this is a defect of Fairlead, please report it" };
  }
  const { expected, got } = error instanceof InstallError ? error : {};
  return {
    id: error.code,
    message: error.message,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(error.help === undefined ? {} : { help: error.help }),
  };
}

/** For people, in the form of every Fairlead diagnostic. */
export function formatRefusal({ id, message, product, expected, got, help }: Refusal): string {
  // Only what we cannot explain has lines of its own: the stack of a defect, set in so that none passes for the log's.
  const [first = "", ...more] = id === DEFECT ? message.split("\n") : [message];
  const lines = [`error[${id}]: ${printable(first)}`, ...more.map((line) => `    ${printable(line)}`)];
  if (product !== undefined) lines.push(`  = product: ${product}`);
  if (expected !== undefined) lines.push(`  = expected: ${printable(expected)}`);
  if (got !== undefined) lines.push(`  = got: ${printable(got)}`);
  if (help !== undefined) lines.push(`  = help: ${printable(help)}`);
  return lines.join("\n");
}
