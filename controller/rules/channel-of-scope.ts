import type { SoundState } from "../state/sound-state.ts";
import type { StateScope } from "../state/state-scopes.ts";

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
