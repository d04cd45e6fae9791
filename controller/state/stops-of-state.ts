import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import type { UpdateWindow } from "../../protocol/policy.ts";
import type { WindowState } from "../../schemas/state.generated.ts";
import type { StateDocument } from "./fleet-model.ts";
import { freezesOfState } from "./freezes-of-state.ts";
import { pausesOfState } from "./pauses-of-state.ts";
import type { SoundState } from "./sound-state.ts";
import { isExpired, pinsOfState, windowedScopes } from "./state-scopes.ts";

/** What keeps machines from a security release, with who says it, for whom, and where. Times are seconds since 1970. */
export type LocatedStop = StopPlace &
  (
    | { readonly kind: "pause"; readonly until?: number }
    | { readonly kind: "freeze"; readonly from: number; readonly until: number }
    | { readonly kind: "pin"; readonly version: string; readonly until?: number }
    | { readonly kind: "window"; readonly window: UpdateWindow }
  );

/** Whose machines are meant: all that everything given holds of. */
export interface StopScope {
  readonly tenant?: string;
  readonly site?: string;
  readonly group?: string;
  readonly device?: string;
  readonly product?: string;
  readonly channel?: string;
}

interface StopPlace extends StopScope {
  /** `fleet`, `product agent`, `channel agent/stable`, `tenant acme`, ... */
  readonly label: string;
  readonly document: StateDocument<unknown>;
  readonly path: readonly (string | number)[];
}

/**
 * Everything of a state that stops updates, security releases among them, at `now` (seconds since 1970) or later: pauses,
 * freezes that do not let those pass, pins, windows.
 */
export function* stopsOfState(
  state: Pick<SoundState, "fleet" | "products" | "tenants">,
  now: number,
): Generator<LocatedStop> {
  for (const { label, tenant, document, path, until } of pausesOfState(state)) {
    if (until !== undefined && until.at <= now) continue;
    const place = { label, document, path, ...scopeOf(label, tenant, path) };
    yield { kind: "pause", ...place, ...(until === undefined ? {} : { until: until.at }) };
  }
  for (const { label, tenant, document, path, freeze, from, to } of freezesOfState(state)) {
    if (to <= now || freeze.except === "security") continue;
    const place = { label, document, path, ...scopeOf(label, tenant, path) };
    yield { kind: "freeze", ...place, from, until: to };
  }
  for (const { label, tenant, document, path, pin } of pinsOfState(state)) {
    if (isExpired(pin, now)) continue;
    const at = [...path, "pin"];
    const place = { label, document, path: at, ...scopeOf(label, tenant, at) };
    const until = pin.expires === undefined ? {} : { until: parseDate(pin.expires) };
    yield { kind: "pin", ...place, version: pin.version, ...until };
  }
  if (state.fleet?.value.window !== undefined) {
    const window = windowOf(state.fleet.value.window);
    yield { kind: "window", label: "fleet", document: state.fleet, path: ["window"], window };
  }
  for (const { label, tenant, document, path, settings } of windowedScopes(state)) {
    if (settings.window === undefined) continue;
    const at = [...path, "window"];
    const place = { label, document, path: at, ...scopeOf(label, tenant, at) };
    yield { kind: "window", ...place, window: windowOf(settings.window) };
  }
}

const PARTS = { sites: "site", groups: "group", devices: "device" } as const;

/** Of a tenant by where it stands in its file, else by what the document is. */
function scopeOf(label: string, tenant: string | undefined, path: readonly (string | number)[]): StopScope {
  if (tenant === undefined) {
    const [, product, channel] = /^(?:product|channel) ([^/]+)(?:\/(.+))?$/.exec(label) ?? [];
    return {
      ...(product === undefined ? {} : { product }),
      ...(channel === undefined ? {} : { channel }),
    };
  }
  const [part, name] = path;
  const kind = part === "sites" || part === "groups" || part === "devices" ? PARTS[part] : undefined;
  const product = path[path.indexOf("products") + 1];
  return {
    tenant,
    ...(kind === undefined ? {} : { [kind]: String(name) }),
    ...(path.includes("products") ? { product: String(product) } : {}),
  };
}

function windowOf({ onReturn = "window", ...window }: WindowState): UpdateWindow {
  return { ...window, duration: parseDuration(window.duration), onReturn };
}
