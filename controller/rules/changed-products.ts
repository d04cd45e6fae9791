import type { ProductModel } from "../state/fleet-model.ts";
import type { RuleContext } from "./rule.ts";

/** Each product that is not exactly what it was before the change, beside what it was; none where nothing is compared. */
export function* changedProducts({
  state,
  before,
}: RuleContext): Generator<readonly [product: ProductModel, earlier: ProductModel | undefined]> {
  if (before === undefined) return;
  for (const [name, product] of state.products) {
    const earlier = before.products.get(name);
    if (earlier !== product) yield [product, earlier];
  }
}
