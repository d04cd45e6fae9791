import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import { Metrics } from "../../controller/http/metrics.ts";
import { NOTHING_SERVED } from "../../controller/http/served-state.ts";
import { countMachines } from "../../controller/notify/count-machines.ts";
import { addDevice, openStore } from "../fleet-api/sample-fleet.ts";
import { channel, NOW, release } from "../http/sample-manifest.ts";
import { servedManifest } from "./served-manifest.ts";

/** 1.0.0 can get nowhere: what the channel offers may be installed over 1.1.0 only, and nothing leads there. */
const SERVING = servedManifest({
  releases: [release("1.0.0"), release("1.2.0", { upgradeFrom: ">=1.1.0" })],
  policy: { minVersion: "1.1.0", channels: { stable: channel("1.2.0"), beta: channel("1.2.0") } },
});

async function fleet(t: TestContext): Promise<FleetStore> {
  const store = openStore(t);
  await addDevice(store, { id: "d-1", tenant: "acme", version: "1.0.0" });
  await addDevice(store, { id: "d-2", tenant: "acme", version: "1.2.0" });
  await addDevice(store, { id: "d-3", tenant: "rival", version: "1.0.0", channel: "beta" });
  await addDevice(store, { id: "d-4", tenant: "rival", version: "no version at all" });
  await addDevice(store, { id: "d-5", tenant: "rival", version: "1.1.0", seenAt: NOW - 2 * 86_400 });
  await addDevice(store, { id: "d-6", tenant: "rival", version: "1.0.0", seenAt: NOW - 40 * 86_400 });
  return store;
}

test("machines are counted for all, and for one tenant without what others have", async (t) => {
  const { devices } = await fleet(t);
  const all = await countMachines(devices, SERVING, null, NOW);
  assert.deepEqual([all.all, all.silent], [5, 1], "what is gone is in no count");
  assert.deepEqual(
    all.stranded.map(({ product, version, devices: count }) => [product, version, count]),
    [
      ["lantern", "1.0.0", 1],
      ["lantern", "1.0.0", 1],
    ],
    "of stable and of beta",
  );
  const acme = await countMachines(devices, SERVING, ["acme"], NOW);
  assert.deepEqual([acme.all, acme.silent, acme.stranded.map((one) => one.devices)], [2, 0, [1]]);
});

test("metrics say how many machines of a channel run what it points to, and how many have no way on", async (t) => {
  const { devices } = await fleet(t);
  const metrics = new Metrics(
    () => ({ ...NOTHING_SERVED, serving: SERVING }),
    () => NOW,
    "0.0.0",
  );
  let asked = 0;
  const versions = (product: string) => {
    asked++;
    return devices.versions(product, null, NOW);
  };
  metrics.adoption.watch(
    () => SERVING,
    versions,
    () => NOW,
  );
  const printed = await metrics.text();
  for (const line of [
    'fairlead_channel_devices{product="lantern",channel="stable"} 4',
    'fairlead_channel_devices{product="lantern",channel="beta"} 1',
    'fairlead_channel_devices_current{product="lantern",channel="stable"} 1',
    'fairlead_channel_devices_current{product="lantern",channel="beta"} 0',
    'fairlead_devices_stranded{product="lantern"} 2',
    'fairlead_channel_halted{product="lantern",channel="stable"} 0',
  ]) {
    assert.ok(
      printed.includes(`\n${line}\n`),
      `${line}\n${printed.match(/\nfairlead_(channel|devices_s).*/g)}`,
    );
  }
  await metrics.text();
  assert.equal(asked, 1, "several may scrape, and it is counted once");
});
