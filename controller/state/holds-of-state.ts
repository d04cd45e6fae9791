import { parseDate } from "../../protocol/date.ts";
import type { SettingsState } from "../../schemas/state.generated.ts";
import type { StateDocument } from "./fleet-model.ts";
import { isPaused } from "./pauses-of-state.ts";
import type { SoundState } from "./sound-state.ts";
import { heldScopes } from "./state-scopes.ts";

/** A pause that holds, or an `autoUpdate: false`, with who says it and where. */
export interface LocatedHold {
  readonly kind: "paused" | "no-auto-update";
  /** `fleet`, `product agent`, `channel agent/stable`, `tenant acme`, ... */
  readonly label: string;
  /** Absent: the vendor's own. */
  readonly tenant?: string;
  readonly product?: string;
  readonly document: StateDocument<unknown>;
  readonly path: readonly (string | number)[];
  readonly reason?: string;
  /** Seconds since 1970; absent: until somebody ends it. */
  readonly until?: number;
}

/** What a state holds back at `now`, seconds since 1970: the widest scopes first. */
export function* holdsOfState(
  state: Pick<SoundState, "fleet" | "products" | "tenants">,
  now: number,
): Generator<LocatedHold> {
  const { fleet } = state;
  if (fleet !== undefined) yield* holdsOf("fleet", fleet, [], fleet.value, now);
  for (const [name, { product, channels }] of state.products) {
    yield* holdsOf(`product ${name}`, product, [], product.value, now);
    for (const [channel, document] of channels) {
      yield* holdsOf(`channel ${name}/${channel}`, document, [], document.value, now);
    }
  }
  for (const { label, tenant, product, document, path, settings } of heldScopes(state)) {
    yield* holdsOf(label, document, path, settings, now, { tenant, product });
  }
}

function* holdsOf(
  label: string,
  document: StateDocument<unknown>,
  path: readonly (string | number)[],
  { paused, autoUpdate }: Pick<SettingsState, "paused" | "autoUpdate">,
  now: number,
  { tenant, product }: { readonly tenant?: string | undefined; readonly product?: string | undefined } = {},
): Generator<LocatedHold> {
  const place = {
    ...{ label, document },
    ...(tenant === undefined ? {} : { tenant }),
    ...(product === undefined ? {} : { product }),
  };
  if (isPaused(paused, now)) {
    const { reason, until } = typeof paused === "object" ? paused : {};
    yield {
      kind: "paused",
      ...place,
      path: [...path, "paused"],
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { until: parseDate(until) }),
    };
  }
  if (autoUpdate === false) yield { kind: "no-auto-update", ...place, path: [...path, "autoUpdate"] };
}
