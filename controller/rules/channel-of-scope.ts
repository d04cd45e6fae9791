import type { SoundState } from "../state/sound-state.ts";
import type { StateScope } from "../state/state-scopes.ts";

/**
 * Every channel that machines of a scope may follow for a product, as far as state says: of a tenant as a whole also what
 * its sites, groups and devices say.
 */
export function channelsOfScope(
  state: Pick<SoundState, "fleet" | "tenants">,
  scope: StateScope,
  product: string,
): ReadonlySet<string> {
  const [part] = scope.path;
  const isWhole = scope.tenant !== undefined && (part === undefined || part === "products");
  const { sites, groups, devices } =
    (isWhole ? state.tenants.get(scope.tenant ?? "")?.value : undefined) ?? {};
  const nearer = [sites, groups, devices].flatMap((places) => Object.values(places ?? {}));
  const named = nearer.map(({ channel, products }) => products?.[product]?.channel ?? channel);
  return new Set(
    [channelOfScope(state, scope, product), ...named].filter((channel) => channel !== undefined),
  );
}

/** The channel that the scope itself, its tenant or the fleet says for a product, nearest first. */
export function channelOfScope(
  state: Pick<SoundState, "fleet" | "tenants">,
  { settings, forAll, tenant = "" }: StateScope,
  product: string,
): string | undefined {
  const tenantState = state.tenants.get(tenant)?.value;
  return (
    settings.channel ??
    forAll?.channel ??
    tenantState?.products?.[product]?.channel ??
    tenantState?.channel ??
    state.fleet?.value.defaultChannel
  );
}
