/** `error` refuses the commit; `warning` is shown and does not. */
export type DiagnosticSeverity = "error" | "warning";

/** A place in a file. Lines and columns count from 1; columns count UTF-16 units, the end is exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The other end of a mistake: where the duplicate, or the thing referred to, stands. */
export interface RelatedPlace {
  readonly file: string;
  readonly span: Span;
  readonly label: string;
}

/**
 * One mistake. Printers turn it into a frame, a line, JSON, CI annotations, SARIF or JUnit; nothing else formats one.
 * Texts are lower case without a full stop. The message says what is wrong, only `help` says what to do.
 */
export interface Diagnostic {
  /** `area/bad-thing`; never renamed once released. */
  readonly rule: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  /** Relative to the state root. */
  readonly file: string;
  /** The smallest span that shows the mistake; absent where the file itself is the mistake (missing, too large). */
  readonly span?: Span;
  /** The value that it is about, as a JSON pointer (RFC 6901) into the file; absent where it is about no value. */
  readonly pointer?: string;
  /** What stands under the carets. */
  readonly label?: string;
  readonly related: readonly RelatedPlace[];
  readonly notes: readonly string[];
  readonly help?: string;
  /** Somebody has seen this warning and answers for it until a date: it is listed, and counts for nothing. */
  readonly acknowledged?: Acknowledgement;
}

/** What a state file says of warnings that it acknowledges. */
export interface Acknowledgement {
  readonly reason: string;
  readonly owner: string;
  /** As it is written: a date, or a date and time with a zone. */
  readonly expires: string;
  /** Where it says so. */
  readonly file: string;
  readonly span: Span;
}

export interface AcknowledgedDiagnostic extends Diagnostic {
  readonly acknowledged: Acknowledgement;
}

/** One sentence for people: who answers for the warning, until when, and why. */
export function describeAcknowledgement({ reason, owner, expires }: Acknowledgement): string {
  return `acknowledged by ${owner} until ${expires}: ${reason.trim().replaceAll(/\s+/g, " ")}`;
}
