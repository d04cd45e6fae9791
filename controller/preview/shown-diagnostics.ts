import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { redactSecrets } from "../diagnostics/redact-secrets.ts";

export const MOST_DIAGNOSTICS = 100;

/** The first of them, as whoever looks at the page may read them. */
export function shownDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.slice(0, MOST_DIAGNOSTICS).map(withoutSecrets);
}

/** What a message quotes of a file may be a secret, and not everybody who looks here may read the repository. */
function withoutSecrets({ message, label, ...rest }: Diagnostic): Diagnostic {
  return {
    ...rest,
    message: redactSecrets(message),
    ...(label === undefined ? {} : { label: redactSecrets(label) }),
  };
}
