import type { Diagnostic } from "./diagnostic.ts";

/** What a printer may know besides the diagnostics. */
export interface PrintOptions {
  /** The text of a file of the state, for code frames; `undefined` where it cannot be shown. */
  readonly textOf: (file: string) => string | undefined;
  /** Put before each file name, with `/` at its end: the state root inside the repository, for CI annotations. */
  readonly pathPrefix: string;
  /** ANSI colours; only `pretty` has any. */
  readonly colour: boolean;
  /** Version of this program, for formats that name their tool. */
  readonly toolVersion: string;
}

/**
 * Diagnostics in their order, to the text of one format, with a line feed at the end unless it is empty. Those with
 * `acknowledged` are told apart in the way of the format.
 */
export type Printer = (diagnostics: readonly Diagnostic[], options: PrintOptions) => string;
