import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { redactSecrets } from "../diagnostics/redact-secrets.ts";
import { plural } from "./format-count.ts";
import { alertBlocks, comment } from "./markdown-blocks.ts";
import { markdownText } from "./markdown-text.ts";

const MOST_ERRORS = 10;

/**
 * Why there is no plan, as the comment that stands where the plan would: else the one of the commit before would stay.
 *
 * @param pathPrefix the state root inside the repository, with `/` at its end, or nothing
 */
export function printRefusalMarkdown(diagnostics: readonly Diagnostic[], pathPrefix: string): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const sentences = errors.map(({ message, help, file, span }) => {
    const place = `${pathPrefix}${file}${span === undefined ? "" : `:${span.line}:${span.column}`}`;
    const said = `${markdownText(`\`${place}\``)} ${markdownText(redactSecrets(message))}`;
    return help === undefined ? said : `${said}<br>To solve it: ${markdownText(redactSecrets(help))}`;
  });
  const headline = `### No plan: the change has ${plural(errors.length, "error")}`;
  const blocks = alertBlocks("CAUTION", sentences, MOST_ERRORS, "error");
  const cut = "The comment is cut here: `fairlead validate` prints all of it.";
  return comment([["<!-- fairlead-plan -->", headline], ...blocks], cut);
}
