import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { pointerToken } from "../../protocol/scope.ts";
import type { TenantState } from "../../schemas/state.generated.ts";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { type Chunk, chunksOf } from "../state/chunked-map.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import type { Finding, Place, ProductRule, Rule, RuleContext, StateRule } from "./rule.ts";

/** Runs rules in their order and gives their findings as diagnostics, in no particular order. */
export function runRules(rules: readonly Rule[], context: RuleContext): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const rule of rules) {
    if ("check" in rule) {
      const found =
        rule.besideTenants === undefined
          ? checkWhole(rule, context)
          : checkTenants(rule, context, rule.besideTenants(context.state));
      for (const diagnostic of found) diagnostics.push(diagnostic);
    }
    if ("checkProduct" in rule) {
      for (const product of context.state.products.values()) diagnostics.push(...checkProduct(rule, product));
    }
  }
  return diagnostics;
}

function checkWhole(rule: StateRule, context: RuleContext): readonly Diagnostic[] {
  return Array.from(rule.check(context), (finding) => diagnosticOf(rule, finding));
}

interface FoundInTenants {
  readonly beside: readonly object[];
  readonly found: readonly Diagnostic[];
}

/** Findings by part of the tenants: `StateCache` gives the same part again while no tenant in it changes. */
const keptTenants = new KeptByIdentity<Chunk<StateDocument<TenantState>>, Map<StateRule, FoundInTenants>>();

function* checkTenants(
  rule: StateRule,
  context: RuleContext,
  beside: readonly object[],
): Generator<Diagnostic> {
  const { state } = context;
  yield* checkWhole(rule, { ...context, state: { ...state, tenants: new Map() } });
  for (const tenants of chunksOf(state.tenants)) {
    const byRule = keptTenants.of(tenants, () => new Map());
    const known = byRule.get(rule);
    if (known !== undefined && beside.every((one, index) => known.beside[index] === one)) {
      yield* known.found;
      continue;
    }
    const found = checkWhole(rule, { ...context, state: { ...state, fleet: undefined, tenants } });
    byRule.set(rule, { beside, found });
    yield* found;
  }
}

/** Findings by product model: `StateCache` gives the same model object again while no file of the product changes. */
const kept = new KeptByIdentity<ProductModel, Map<ProductRule, readonly Diagnostic[]>>();

function checkProduct(rule: ProductRule, product: ProductModel): readonly Diagnostic[] {
  const byRule = kept.of(product, () => new Map());
  let found = byRule.get(rule);
  if (found === undefined) {
    found = Array.from(rule.checkProduct(product), (finding) => diagnosticOf(rule, finding));
    byRule.set(rule, found);
  }
  return found;
}

/** A finding of a rule as everybody is shown it. */
export function diagnosticOf(rule: Rule, finding: Finding): Diagnostic {
  const { message, at, label, related = [], notes = [], help } = finding;
  return {
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
  };
}

function locate(place: Place): { file: string; span?: Span; pointer?: string } {
  if ("file" in place) return { file: place.file };
  const { document, path, part } = place;
  const pointer = path.map((step) => `/${pointerToken(String(step))}`).join("");
  return { file: document.file, span: document.spanOf(path, part), pointer };
}
