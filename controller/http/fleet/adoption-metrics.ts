import { Gauge, type Registry } from "prom-client";
import type { VersionCount } from "../../fleet/store/fleet-store.ts";
import { strandedBelowMinimum } from "../fleet-api/stranded-devices.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";

/** Milliseconds for which a count is good: it looks at the rows of every product. */
const COUNT_GOOD_MS = 60_000;

/** What a channel's machines run. */
interface Adoption {
  readonly product: string;
  readonly channel: string;
  readonly devices: number;
  /** Of them, those that run what the channel points to. */
  readonly current: number;
}

interface Counted {
  readonly adoption: readonly Adoption[];
  /** By product. */
  readonly stranded: ReadonlyMap<string, number>;
}

/** How far versions have come: beside what is allowed, what is so. Labels have as many values as there are channels. */
export class AdoptionMetrics {
  private readonly registers: Registry[];

  constructor(registers: Registry[]) {
    this.registers = registers;
  }

  /**
   * @param serving asked when scraped
   * @param versions of the machines of a product, asked when scraped, at most once a minute
   * @param now seconds since 1970
   */
  watch(
    serving: () => ServedManifest | undefined,
    versions: (product: string) => Promise<readonly VersionCount[]>,
    now: () => number,
  ): void {
    let last: { readonly at: number; readonly counted: Promise<Counted | undefined> } | undefined;
    const recent = (): Promise<Counted | undefined> => {
      if (last === undefined || performance.now() - last.at > COUNT_GOOD_MS) {
        const counted = count(serving(), versions, now()).catch(() => undefined);
        last = { at: performance.now(), counted };
      }
      return last.counted;
    };
    const labelNames = ["product", "channel"] as const;
    const registers = this.registers;
    for (const [name, member, help] of [
      ["fairlead_channel_devices", "devices", "Machines that follow a channel, by their last check-in."],
      ["fairlead_channel_devices_current", "current", "Of them, those that run what the channel points to."],
    ] as const) {
      new Gauge({
        ...{ name, help: `${help} Absent while it cannot be told.`, labelNames, registers },
        async collect() {
          this.reset();
          for (const one of (await recent())?.adoption ?? []) {
            this.set({ product: one.product, channel: one.channel }, one[member]);
          }
        },
      });
    }
    new Gauge({
      name: "fairlead_devices_stranded",
      help: "Machines below a minimum version without a way on. Absent while it cannot be told.",
      labelNames: ["product"],
      registers,
      async collect() {
        this.reset();
        for (const [product, devices] of (await recent())?.stranded ?? []) this.set({ product }, devices);
      },
    });
  }
}

async function count(
  serving: ServedManifest | undefined,
  versions: (product: string) => Promise<readonly VersionCount[]>,
  now: number,
): Promise<Counted> {
  const adoption: Adoption[] = [];
  const stranded = new Map<string, number>();
  if (serving === undefined) return { adoption, stranded };
  const { manifest } = serving;
  for (const [product, { policy }] of manifest.products) {
    const rows = await versions(product);
    for (const [channel, { current }] of Object.entries(policy.channels)) {
      const ofChannel = rows.filter((row) => row.channel === channel);
      const atIt = ofChannel.filter(({ version }) => version === current.version);
      adoption.push({ product, channel, devices: sumOf(ofChannel), current: sumOf(atIt) });
    }
    stranded.set(product, sumOf(strandedBelowMinimum(manifest, new Map([[product, rows]]), now)));
  }
  return { adoption, stranded };
}

function sumOf(rows: readonly { readonly devices: number }[]): number {
  return rows.reduce((sum, { devices }) => sum + devices, 0);
}
