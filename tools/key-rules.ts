import { pointerTokens } from "../controller/explain/locate-pointer.ts";
import { RULES } from "../controller/rules/rules.ts";
import { describeForm } from "../controller/state/describe-form.ts";
import { readStatePath } from "../controller/state/state-layout.ts";
import { checkExample } from "../test/rules/check-example.ts";
import { keyAt, type SchemaKey } from "./schema-keys.ts";

/** Sections that mean the same by a key of the same name: the scopes, from the fleet to what a device says of a product. */
const SCOPES: readonly string[] = ["fleet", "tenant", "scope", "group", "settings"];

/** The ids of the rules that speak about each key: those whose failing example is reported there, and of its form. */
export class KeyRules {
  private readonly byKey = new Map<string, Set<string>>();

  constructor() {
    for (const { id, failing } of RULES) {
      for (const { rule, file, pointer } of checkExample(failing)) {
        const place = readStatePath(file);
        if (rule !== id || pointer === undefined) continue;
        const key = keyAt(place.kind, pointerTokens(pointer));
        if (key === undefined) continue;
        const known = this.byKey.get(nameOf(key));
        if (known === undefined) this.byKey.set(nameOf(key), new Set([id]));
        else known.add(id);
      }
    }
  }

  of(key: SchemaKey): string[] {
    const forms = [key.schema.form, key.schema.items?.form].filter((form) => form !== undefined);
    return [...new Set([...(this.byKey.get(nameOf(key)) ?? []), ...forms.map(ruleOfForm)])].sort();
  }
}

/** The rule about values of a form. */
export function ruleOfForm(form: string): string {
  return describeForm(form, "", "").rule;
}

function nameOf({ section, path }: SchemaKey): string {
  return `${SCOPES.includes(section) ? "scope" : section} ${path.join(".")}`;
}
