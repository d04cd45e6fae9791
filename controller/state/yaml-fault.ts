import type { TextRange } from "./source-map.ts";

/** Something that makes a file unreadable, with the rule that says so. */
export interface YamlFault {
  readonly rule: string;
  readonly message: string;
  readonly range: TextRange;
  readonly label?: string;
  readonly help?: string;
  readonly related?: { readonly range: TextRange; readonly label: string };
}
