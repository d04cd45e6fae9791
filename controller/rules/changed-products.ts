import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ProductModel } from "../state/fleet-model.ts";
import type { RuleContext } from "./rule.ts";

type ChangedProduct = readonly [product: ProductModel, earlier: ProductModel | undefined];

const known = new KeptByIdentity<RuleContext, readonly ChangedProduct[]>();

/** Each product that is not exactly what it was before the change, beside what it was; none where nothing is compared. */
export function changedProducts(context: RuleContext): readonly ChangedProduct[] {
  return known.of(context, ({ state, before }) => {
    if (before === undefined || state.products === before.products) return [];
    return [...state.products].flatMap(([name, product]): ChangedProduct[] => {
      const earlier = before.products.get(name);
      return earlier === product ? [] : [[product, earlier]];
    });
  });
}
