/**
 * News for whoever watches: that something changed, and what it was. Nothing is decided by it, and whoever missed some asks
 * the API. An event of a tenant is seen by those alone who may see the tenant.
 */
export type FleetEvent =
  | { readonly kind: "manifest"; readonly version: number; readonly commit: string }
  /** What became of the newest commit; absent where the source does not answer. */
  | { readonly kind: "commit"; readonly outcome: string; readonly commit?: string }
  | {
      readonly kind: "rollout";
      readonly product: string;
      readonly channel: string;
      readonly version: string;
      readonly state: string;
    }
  | { readonly kind: "device"; readonly device: string; readonly tenant: string | null }
  | { readonly kind: "attempt"; readonly device: string; readonly tenant: string | null; readonly id: string }
  | {
      readonly kind: "request";
      readonly device: string;
      readonly tenant: string | null;
      readonly id: string;
      /**
       * `asked`: it waits for the device. `delivered`: the device was told. `ended`: the device has said what became of it,
       * or somebody cancelled it.
       */
      readonly state: "asked" | "delivered" | "ended";
    };

/** Whether somebody who may see `tenants` (`null`: all) sees the event. */
export function isVisible(event: FleetEvent, tenants: readonly string[] | null): boolean {
  if (tenants === null || !("tenant" in event)) return true;
  return event.tenant !== null && tenants.includes(event.tenant);
}
