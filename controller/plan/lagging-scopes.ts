import { cohort } from "../../protocol/cohort.ts";
import { own } from "../../protocol/scope.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { channelOfRecord } from "./channel-of-record.ts";
import { compareDevice, type DeviceChange } from "./compare-device.ts";
import { type Foreseer, kindOf } from "./foreseer.ts";
import { underItsName } from "./renamed-records.ts";
import { ANY_DEVICE } from "./scope-records.ts";
import { wavesOfCurrent } from "./wave-openings.ts";

/** Made-up machines among which the first and the last of a queue are looked for. */
const TRIED = 64;

/**
 * A scope stands for machines of which nobody knows how far they are. While waves of what its channel points to are still
 * to come, some of them are on the way there: a pause, a freeze or a pin means something to those, although it means
 * nothing to who has arrived.
 */
export class LaggingScopes {
  private readonly was: Foreseer;
  private readonly is: Foreseer;
  private readonly now: number;
  private readonly edges = new Map<string, readonly string[]>();

  /** @param now seconds since 1970 */
  constructor(was: Foreseer, is: Foreseer, now: number) {
    this.was = was;
    this.is = is;
    this.now = now;
  }

  /**
   * What the change means to one of a scope that still runs what the channel pointed to before: it comes later, earlier, or
   * not at all. `undefined`: none of that; whom opened waves let go is said by the waves.
   */
  changeOf(
    scope: InventoryRecord,
  ): { readonly installed: string; readonly change: DeviceChange } | undefined {
    const { state } = this.was;
    const named = underItsName(state, this.is.state, scope);
    const desired = state.products.get(scope.product);
    const policy = own(desired?.policy.channels, channelOfRecord(state, named) ?? "");
    const [previous] = policy?.previous ?? [];
    if (desired === undefined || policy === undefined || previous === undefined) return undefined;
    const isUnderWay = wavesOfCurrent(desired, policy).some(({ at, shut }) => shut === true || at > this.now);
    if (!isUnderWay) return undefined;
    const devices =
      scope.device === ANY_DEVICE ? this.edgesOf(scope.product, policy.current.version) : [scope.device];
    for (const device of devices) {
      const late = { ...scope, device, installed: previous.version };
      const change = compareDevice(this.was, this.is, late, kindOf(late));
      if (change?.kind === "stops" || change?.kind === "retimed")
        return { installed: previous.version, change };
    }
    return undefined;
  }

  /** Two that stand near the beginning and near the end of the queue for a version. */
  private edgesOf(product: string, version: string): readonly string[] {
    const key = `${product} ${version}`;
    let edges = this.edges.get(key);
    if (edges === undefined) {
      const queue = Array.from({ length: TRIED }, (_, i) => `${ANY_DEVICE}-${i}`)
        .map((device) => ({ device, place: cohort(product, version, device) }))
        .sort((a, b) => a.place - b.place);
      edges = [queue.at(0), queue.at(-1)].flatMap((edge) => edge?.device ?? []);
      this.edges.set(key, edges);
    }
    return edges;
  }
}
