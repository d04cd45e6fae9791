import type { DeviceRecord } from "../../fleet/store/records.ts";
import { type Decider, type Offer, offerTo } from "./device-offer.ts";

/** One installation that would move if it were asked to. */
export interface Mover {
  readonly device: string;
  readonly product: string;
}

export interface Move {
  readonly product: string;
  readonly to: string;
  readonly devices: number;
}

/** Installations that would stay where they are, and why. */
export interface Stay {
  readonly product: string;
  readonly reason: string;
  readonly why: string;
  readonly devices: number;
}

/** What it would do to machines to be asked to update now. It adds up machine by machine, so that many need no room. */
export class BulkVerdict {
  readonly movers: Mover[] = [];
  machines = 0;
  private readonly decider: Decider;
  private readonly product: string | undefined;
  private readonly movesByName = new Map<string, { -readonly [K in keyof Move]: Move[K] }>();
  private readonly staysByName = new Map<string, { -readonly [K in keyof Stay]: Stay[K] }>();

  /** @param product which is meant; `undefined`: all that a machine has */
  constructor(decider: Decider, product: string | undefined) {
    this.decider = decider;
    this.product = product;
  }

  /** Most first. */
  get moves(): readonly Move[] {
    return [...this.movesByName.values()].sort((a, b) => b.devices - a.devices);
  }

  get stays(): readonly Stay[] {
    return [...this.staysByName.values()].sort((a, b) => b.devices - a.devices);
  }

  add(device: DeviceRecord): void {
    this.machines++;
    const { product } = this;
    const meant = device.installations.filter((one) => product === undefined || one.product === product);
    if (meant.length === 0) {
      const why = "it has not said that it has the product";
      this.stay({ product: product ?? "", reason: "unknown-product", why, devices: 0 });
    }
    for (const installation of meant) {
      const offer = offerTo(this.decider, device, installation, { updateNow: true });
      this.judge(device.id, installation.product, offer);
    }
  }

  private judge(device: string, product: string, offer: Offer | undefined): void {
    if (offer?.next !== undefined) {
      this.movers.push({ device, product });
      const name = `${product} ${offer.next}`;
      const known = this.movesByName.get(name) ?? { product, to: offer.next, devices: 0 };
      known.devices++;
      this.movesByName.set(name, known);
      return;
    }
    const { reason = "nothing-offered", why } = offer ?? {};
    this.stay({ product, reason, why: why ?? STAYS[reason] ?? "nothing is offered", devices: 0 });
  }

  /** What machines differ in is not in the reason: of those with one the first sentence stands for all. */
  private stay(given: Stay): void {
    const name = `${given.product} ${given.reason}`;
    const known = this.staysByName.get(name) ?? { ...given };
    known.devices++;
    this.staysByName.set(name, known);
  }
}

const STAYS: Readonly<Record<string, string>> = { current: "it runs what it should" };
