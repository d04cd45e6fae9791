import { parseDate } from "../../protocol/date.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { SettingsState } from "../../schemas/state.generated.ts";
import type { ProductModel, StateDocument } from "./fleet-model.ts";
import type { SoundState } from "./sound-state.ts";
import { pausedScopes } from "./state-scopes.ts";

/** One pause of a state, with who says it and where. */
export interface LocatedPause {
  /** `fleet`, `product agent`, `channel agent/stable`, `tenant acme`, ... */
  readonly label: string;
  /** Absent: the vendor's own. */
  readonly tenant?: string;
  readonly document: StateDocument<unknown>;
  readonly path: readonly (string | number)[];
  /** As written, and as seconds since 1970; absent: until somebody ends it. */
  readonly until?: { readonly text: string; readonly at: number };
}

/** Every pause that a state declares, of whatever scope, also those that are over. */
export function* pausesOfState(
  state: Pick<SoundState, "fleet" | "products" | "tenants">,
): Generator<LocatedPause> {
  if (state.fleet !== undefined) yield* located("fleet", state.fleet, [], state.fleet.value.paused);
  for (const { label, tenant, document, path, settings } of pausedScopes(state)) {
    yield* located(label, document, path, settings.paused, tenant);
  }
  yield* ofProducts.of(state.products, (products) =>
    products
      .values()
      .flatMap((product) => ofProduct.of(product, collectOf))
      .toArray(),
  );
}

/** Most products say nothing of it, and most are the same in the next state. */
const ofProducts = new KeptByIdentity<SoundState["products"], readonly LocatedPause[]>();
const ofProduct = new KeptByIdentity<ProductModel, readonly LocatedPause[]>();

function collectOf({ name, product, channels }: ProductModel): readonly LocatedPause[] {
  return [
    ...located(`product ${name}`, product, [], product.value.paused),
    ...channels
      .entries()
      .flatMap(([channel, document]) =>
        located(`channel ${name}/${channel}`, document, [], document.value.paused),
      ),
  ];
}

/** Whether a pause holds at `now`, seconds since 1970. */
export function isPaused(paused: SettingsState["paused"], now: number): boolean {
  if (paused === undefined || typeof paused === "boolean") return paused === true;
  return paused.until === undefined || parseDate(paused.until) > now;
}

function* located(
  label: string,
  document: StateDocument<unknown>,
  path: readonly (string | number)[],
  paused: SettingsState["paused"],
  tenant?: string,
): Generator<LocatedPause> {
  if (paused === undefined || paused === false) return;
  const text = paused === true ? undefined : paused.until;
  yield {
    label,
    document,
    path: [...path, "paused"],
    ...(tenant === undefined ? {} : { tenant }),
    ...(text === undefined ? {} : { until: { text, at: parseDate(text) } }),
  };
}
