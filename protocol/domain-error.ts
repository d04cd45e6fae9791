import { shorten } from "./printable.ts";

/**
 * Base of every error that a person may see: a closed set of codes for each domain, a message that says what is
 * wrong, and a remedy where there is one. Both command lines print it the same way.
 */
export class DomainError<Code extends string> extends Error {
  readonly code: Code;
  /** What to do about it: one line, lower case, no full stop. */
  readonly help: string | undefined;

  constructor(code: Code, message: string, options: { help?: string; cause?: unknown } = {}) {
    // Text from outside goes into messages through `quote`; what slips past that must still fit into a state file.
    super(shorten(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.help = options.help === undefined ? undefined : shorten(options.help);
  }
}

/**
 * What each code of a domain means, for `docs/errors.md`: what happened, and what a person does about it; both lower
 * case without a full stop. `Fact` is what else a code decides, such as a retry.
 */
export type ErrorTable<Fact = unknown> = Readonly<
  Record<`${string}/${string}`, { readonly cause: string; readonly remedy: string } & Fact>
>;
