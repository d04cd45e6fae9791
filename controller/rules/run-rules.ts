import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { Place, Rule, RuleContext } from "./rule.ts";

/** Runs rules in their order and gives their findings as diagnostics, in no particular order. */
export function runRules(rules: readonly Rule[], context: RuleContext): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const rule of rules) {
    if ("foundBy" in rule) continue;
    for (const { message, at, label, related = [], notes = [], help } of rule.check(context)) {
      diagnostics.push({
        rule: rule.id,
        severity: rule.severity,
        message,
        ...locate(at),
        ...(label === undefined ? {} : { label }),
        related: related.flatMap((other) => {
          const { file, span } = locate(other.at);
          return span === undefined ? [] : [{ file, span, label: other.label }];
        }),
        notes,
        ...(help === undefined ? {} : { help }),
      });
    }
  }
  return diagnostics;
}

function locate(place: Place): { file: string; span?: Span } {
  if ("file" in place) return { file: place.file };
  const { document, path, part } = place;
  return { file: document.file, span: document.spanOf(path, part) };
}
