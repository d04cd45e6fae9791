import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { pointerToken } from "../../protocol/scope.ts";
import type { TenantState } from "../../schemas/state.generated.ts";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import { type Chunk, chunksOf } from "../state/chunked-map.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import type { SoundState } from "../state/sound-state.ts";
import type { BesideProduct, Finding, Place, ProductRule, Rule, RuleContext, StateRule } from "./rule.ts";

/** Runs rules in their order and gives their findings as diagnostics, in no particular order. */
export function runRules(rules: readonly Rule[], context: RuleContext): Diagnostic[] {
  const { whole, byTenants, byProduct } = sorted.of(rules, sortOut);
  const diagnostics = whole.flatMap((rule) => checkWhole(rule, context));
  for (const found of checkTenants(byTenants, context)) diagnostics.push(found);
  for (const product of context.state.products.values()) {
    for (const found of checkProduct(byProduct, product, context)) diagnostics.push(found);
  }
  return diagnostics;
}

interface SortedRules {
  readonly whole: readonly StateRule[];
  readonly byTenants: readonly TenantRule[];
  readonly byProduct: readonly ProductRule[];
}

type TenantRule = StateRule & Required<Pick<StateRule, "besideTenants">>;

const sorted = new KeptByIdentity<readonly Rule[], SortedRules>();

/** By what they are given; a rule can be of two kinds. */
function sortOut(rules: readonly Rule[]): SortedRules {
  const ofState = rules.filter((rule) => "check" in rule);
  return {
    whole: ofState.filter((rule) => !isTenantRule(rule)),
    byTenants: ofState.filter(isTenantRule),
    byProduct: rules.filter((rule) => "checkProduct" in rule),
  };
}

function isTenantRule(rule: StateRule): rule is TenantRule {
  return rule.besideTenants !== undefined;
}

function checkWhole(rule: StateRule, context: RuleContext): readonly Diagnostic[] {
  return Array.from(rule.check(context), (finding) => diagnosticOf(rule, finding));
}

/** What one rule found in some tenants, and what of the state it looked at besides. */
interface FoundByRule {
  readonly beside: readonly (object | string)[];
  readonly found: readonly Diagnostic[];
}

/** What all rules found in some tenants. */
interface FoundInTenants {
  /** Of each rule, in their order; the very same list while none of it changes. */
  readonly beside: Beside;
  readonly byRule: readonly FoundByRule[];
  readonly found: readonly Diagnostic[];
}

type Beside = readonly (readonly (object | string)[])[];

/** Findings by part of the tenants: `StateCache` gives the same part again while no tenant in it changes. */
const keptTenants = new KeptByIdentity<
  Chunk<StateDocument<TenantState>>,
  Map<readonly TenantRule[], FoundInTenants>
>();

/** What all rules looked at last besides the tenants. */
const lastBeside = new KeptByIdentity<readonly TenantRule[], Beside>();

function* checkTenants(rules: readonly TenantRule[], context: RuleContext): Generator<Diagnostic> {
  const { state } = context;
  const withoutTenants = { ...context, state: { ...state, tenants: new Map() } };
  for (const rule of rules) yield* checkWhole(rule, withoutTenants);
  const beside = besideOf(rules, state);
  for (const tenants of chunksOf(state.tenants)) {
    const kept = keptTenants.of(tenants, () => new Map());
    const known = kept.get(rules);
    // Nearly always: then this part costs one look, however many rules there are.
    if (known?.beside === beside) {
      yield* known.found;
      continue;
    }
    const inThese = { ...context, state: { ...state, fleet: undefined, tenants } };
    const byRule = rules.map((rule, index): FoundByRule => {
      const looked = beside[index] ?? [];
      const before = known?.byRule[index];
      return before !== undefined && isSame(before.beside, looked)
        ? before
        : { beside: looked, found: checkWhole(rule, inThese) };
    });
    const found = byRule.flatMap((one) => one.found);
    kept.set(rules, { beside, byRule, found });
    yield* found;
  }
}

/** The list of before where it says the same. */
function besideOf(rules: readonly TenantRule[], state: SoundState): Beside {
  const now = rules.map((rule) => rule.besideTenants(state));
  const last = lastBeside.get(rules);
  if (last !== undefined && now.every((one, index) => isSame(one, last[index]))) return last;
  lastBeside.set(rules, now);
  return now;
}

function isSame(a: readonly unknown[], b: readonly unknown[] | undefined): boolean {
  return a.length === b?.length && a.every((one, index) => one === b[index]);
}

/** What all rules found in a product, and what of the state they looked at besides it. */
interface FoundInProduct {
  readonly rules: readonly ProductRule[];
  readonly fleet: SoundState["fleet"];
  /** Of each of its channels, in their order; absent where there was no history at all. */
  readonly pasts: readonly unknown[] | undefined;
  readonly found: readonly Diagnostic[];
}

/**
 * Findings by product model: `StateCache` gives the same model object again while no file of the product changes, also
 * none that cannot be read.
 */
const keptProducts = new KeptByIdentity<ProductModel, FoundInProduct>();

function checkProduct(
  rules: readonly ProductRule[],
  product: ProductModel,
  { state, histories }: RuleContext,
): readonly Diagnostic[] {
  const { fleet } = state;
  const known = keptProducts.get(product);
  const isKnown =
    known?.rules === rules && known.fleet === fleet && isSamePast(product, histories, known.pasts);
  if (isKnown) return known.found;
  const pasts = histories === undefined ? undefined : pastsOf(product, histories);
  const folder = `products/${product.name}/`;
  const own: BesideProduct = {
    fleet,
    histories,
    files: { has: (path) => path.startsWith(folder) && state.files.has(path) },
  };
  const found = rules.flatMap((rule) =>
    Array.from(rule.checkProduct(product, own), (finding) => diagnosticOf(rule, finding)),
  );
  keptProducts.set(product, { rules, fleet, pasts, found });
  return found;
}

function pastsOf({ name, channels }: ProductModel, histories: ChannelHistories): readonly unknown[] {
  return [...channels.keys()].map((channel) => histories.get(`${name}/${channel}`));
}

function isSamePast(
  { name, channels }: ProductModel,
  histories: ChannelHistories | undefined,
  pasts: FoundInProduct["pasts"],
): boolean {
  if (histories === undefined || pasts === undefined) return histories === undefined && pasts === undefined;
  let index = 0;
  for (const channel of channels.keys()) {
    if (histories.get(`${name}/${channel}`) !== pasts[index++]) return false;
  }
  return true;
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
