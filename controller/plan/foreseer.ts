import { isMember } from "../../protocol/membership.ts";
import type { GroupPolicy, TenantPolicy } from "../../protocol/policy.ts";
import { groupsOf, own } from "../../protocol/scope.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { Foresight } from "../desired/foresee.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { deviceOf } from "../inventory/recorded-device.ts";
import { foreseeRecord } from "./foresee-record.ts";

/** Kinds of records of which something is kept; those of a fleet with more are looked at one by one. */
const MOST_KINDS = 20_000;

/** What is known of all records of a kind that state does not name. */
interface Kind {
  /** Asked at the first; `own`: each does as its own id or past says. */
  foresight?: { readonly of: Foresight | undefined } | "own";
  groups?: readonly string[];
}

/**
 * What the records of an inventory do in one state. Machines of which the same is known do the same, unless state names
 * one, or its place in the queue of a rollout or a window that it slept through has a say; so `decide` is asked once for
 * each kind of machine, and for each machine only where it must be.
 */
export class Foreseer {
  readonly state: DesiredState;
  private readonly now: number;
  private readonly kinds = new Map<string, Kind>();
  private readonly naming = new Map<string, Naming>();

  /** @param now seconds since 1970 */
  constructor(state: DesiredState, now: number) {
    this.state = state;
    this.now = now;
  }

  /** @param kind see {@link kindOf} @returns `undefined`: the state does not have the product */
  foresee(record: InventoryRecord, kind: string): Foresight | undefined {
    const known = this.kindOf(record, kind);
    if (typeof known?.foresight === "object") return known.foresight.of;
    const foresight = foreseeRecord(this.state, record, this.now);
    if (known !== undefined) known.foresight ??= foresight?.isOwn === true ? "own" : { of: foresight };
    return foresight;
  }

  /** The groups of the device, as `tenant/group`. */
  groupsOf(record: InventoryRecord, kind: string): readonly string[] {
    const { tenant } = record;
    if (tenant === undefined) return NO_GROUPS;
    const known = this.kindOf(record, kind);
    if (known?.groups !== undefined) return known.groups;
    const groups = groupsOf(this.state.tenants.get(tenant), deviceOf(record)).map(
      ({ name }) => `${tenant}/${name}`,
    );
    if (known !== undefined) known.groups = groups;
    return groups;
  }

  /** `undefined` for a record that state names, and for a kind too many. */
  private kindOf({ tenant, device }: InventoryRecord, key: string): Kind | undefined {
    if (tenant !== undefined && this.isNamed(tenant, device)) return undefined;
    let kind = this.kinds.get(key);
    if (kind === undefined && this.kinds.size < MOST_KINDS) {
      kind = {};
      this.kinds.set(key, kind);
    }
    return kind;
  }

  /** Whether the tenant's file says something of this very device. */
  private isNamed(tenant: string, device: string): boolean {
    let naming = this.naming.get(tenant);
    if (naming === undefined) {
      naming = namingOf(this.state.tenants.get(tenant));
      this.naming.set(tenant, naming);
    }
    return (
      own(naming.devices, device) !== undefined || naming.lists.some((devices) => isMember(devices, device))
    );
  }
}

const NO_GROUPS: readonly string[] = [];

/** What of a tenant names devices. */
interface Naming {
  readonly devices: TenantPolicy["devices"] | undefined;
  readonly lists: readonly GroupPolicy["devices"][];
}

function namingOf(tenant: TenantPolicy | undefined): Naming {
  const lists = tenant?.groups.map(({ devices }) => devices) ?? [];
  return { devices: tenant?.devices, lists: lists.filter(({ length }) => length > 0) };
}

/** What a record says, its device apart and when it was last seen; also of one that is looked at under another name of its tenant. */
export function kindOf(record: InventoryRecord): string {
  const { tenant, site, platform, product, format, installed, labels, facts } = record;
  const { newestConfirmed, channel, pin, autoUpdate } = record;
  return JSON.stringify([
    ...[tenant, site, platform, product, format, installed, newestConfirmed, channel, pin, autoUpdate],
    ...[labels, facts],
  ]);
}
