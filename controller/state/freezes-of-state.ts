import { parseDate } from "../../protocol/date.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { FreezeState } from "../../schemas/state.generated.ts";
import type { ProductModel, StateDocument } from "./fleet-model.ts";
import type { SoundState } from "./sound-state.ts";
import { frozenScopes } from "./state-scopes.ts";

/** One freeze of a state, with who says it and where. */
export interface LocatedFreeze {
  /** `fleet`, `product agent`, `channel agent/stable`, `tenant acme`, ... */
  readonly label: string;
  /** Absent: the vendor's own. */
  readonly tenant?: string;
  readonly document: StateDocument<unknown>;
  readonly path: readonly (string | number)[];
  readonly freeze: FreezeState;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Every freeze that a state declares, of whatever scope. */
export function* freezesOfState(
  state: Pick<SoundState, "fleet" | "products" | "tenants">,
): Generator<LocatedFreeze> {
  if (state.fleet !== undefined) yield* located("fleet", state.fleet, [], state.fleet.value.freeze);
  for (const { label, tenant, document, path, settings } of frozenScopes(state)) {
    yield* located(label, document, path, settings.freeze, tenant);
  }
  yield* ofProducts.of(state.products, (products) =>
    products
      .values()
      .flatMap((product) => ofProduct.of(product, collectOf))
      .toArray(),
  );
}

/** Most products say nothing of it, and most are the same in the next state. */
const ofProducts = new KeptByIdentity<SoundState["products"], readonly LocatedFreeze[]>();
const ofProduct = new KeptByIdentity<ProductModel, readonly LocatedFreeze[]>();

function collectOf({ name, product, channels }: ProductModel): readonly LocatedFreeze[] {
  return [
    ...located(`product ${name}`, product, [], product.value.freeze),
    ...channels
      .entries()
      .flatMap(([channel, document]) =>
        located(`channel ${name}/${channel}`, document, [], document.value.freeze),
      ),
  ];
}

function* located(
  label: string,
  document: StateDocument<unknown>,
  path: readonly (string | number)[],
  freezes: readonly FreezeState[] = [],
  tenant?: string,
): Generator<LocatedFreeze> {
  for (const [index, freeze] of freezes.entries()) {
    const from = parseDate(freeze.from);
    const place = { label, document, path: [...path, "freeze", index] };
    yield { ...place, ...(tenant === undefined ? {} : { tenant }), freeze, from, to: parseDate(freeze.to) };
  }
}
