import type { FleetService } from "../../fleet/fleet-service.ts";
import type { FleetStore } from "../../fleet/store/fleet-store.ts";

/** The store's parts; closing it is for who opened it. */
type StorePart = Exclude<keyof FleetStore, "close">;
type DeskMethod = Exclude<keyof FleetService, "store">;

/** Names one call of `FleetService`. */
export interface FleetCall {
  readonly on: "desk" | StorePart;
  readonly method: string;
}

/** Every call that crosses between the threads. What is added to an interface and not here is an error of the compiler. */
const STORE_METHODS = {
  devices: {
    get: true,
    keyOf: true,
    list: true,
    count: true,
    versions: true,
    census: true,
    adoption: true,
    adoptionSince: true,
    kinds: true,
    enrol: true,
    replaceKey: true,
    move: true,
    remove: true,
  },
  checkIns: { record: true },
  attempts: { ofDevice: true, list: true, signatures: true },
  rollouts: {
    list: true,
    get: true,
    save: true,
    overlays: true,
    saveOverlay: true,
    endOverlay: true,
    tallies: true,
    outcomes: true,
    causes: true,
    addPoint: true,
    points: true,
  },
  requests: { add: true, cancel: true, get: true, list: true },
  tokens: { create: true, list: true, revoke: true },
  people: { create: true, byToken: true, list: true, remove: true },
  audit: { add: true, list: true },
  summary: { look: true },
  upkeep: { expire: true, backUp: true, size: true },
} as const satisfies { readonly [Part in StorePart]: Readonly<Record<keyof FleetStore[Part], true>> };

const DESK_METHODS = {
  enrol: true,
  checkIn: true,
  replaceKey: true,
  leave: true,
  identify: true,
} as const satisfies Readonly<Record<DeskMethod, true>>;

/** Sends a call, and resolves or rejects with what came of it. */
export type SendCall = (call: FleetCall, args: readonly unknown[]) => Promise<unknown>;

/** `FleetService` on this side of the threads. */
export function remoteFleet(send: SendCall): FleetService {
  const store = (part: StorePart): object => remoteCalls(part, Object.keys(STORE_METHODS[part]), send);
  const parts = Object.keys(STORE_METHODS).filter((name): name is StorePart =>
    Object.hasOwn(STORE_METHODS, name),
  );
  const service: object = {
    ...remoteCalls("desk", Object.keys(DESK_METHODS), send),
    store: {
      ...Object.fromEntries(parts.map((part) => [part, store(part)])),
      // The thread that opened it closes it when it stops.
      close: () => Promise.resolve(),
    },
  };
  // What comes over a port has no type: the tables above say the same names as the interfaces, and the compiler sees to it.
  return service as FleetService;
}

function remoteCalls(on: FleetCall["on"], methods: readonly string[], send: SendCall): object {
  return Object.fromEntries(
    methods.map((method) => [method, (...args: unknown[]) => send({ on, method }, args)]),
  );
}

/**
 * Does what a call asks on the side that has the database.
 *
 * @throws TypeError for a call that there is not
 */
export async function performCall(
  service: FleetService,
  { on, method }: FleetCall,
  args: readonly unknown[],
): Promise<unknown> {
  const target: object = on === "desk" ? service : service.store[on];
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== "function") throw new TypeError(`there is no call ${on}.${method}`);
  return Reflect.apply(found, target, args);
}
