import type { Rule } from "./rule.ts";

/** Every rule, in the order of `fairlead rules`: by id. A test compares this list with the folder. */
export const RULES: readonly Rule[] = [];
