import assert from "node:assert/strict";
import { test } from "node:test";
import type { NeedsReport } from "../../controller/overview/overview.ts";
import { lantern } from "../support/device-client.ts";
import { fairlead } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FleetController, TOKEN } from "./fleet-controller.ts";

const ACME = `channel: stable
sites:
  berlin: {paused: {reason: audit}}
  oslo: {}
groups:
  press:
    match: {line: press}
    products: {lantern: {pin: {version: 1.0.0, owner: ops@acme.example}}}
`;

test("the status counts the machines that a pause or a pin keeps below a security release, and says what ends it", async (t) => {
  const controller = await FleetController.start(t, {}, async (state) => {
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0", { more: "severity: security\n" });
    await state.point("stable", "1.1.0");
    await state.write("tenants/acme.yaml", ACME);
  });
  const enrol = async (site: string, version: string, labels: Readonly<Record<string, string>> = {}) => {
    const device = await controller.device(await controller.token({ tenant: "acme", site, labels }));
    device.products = [lantern(version)];
    await device.checkIn();
  };
  await enrol("berlin", "1.0.0");
  await enrol("berlin", "1.0.0");
  await enrol("berlin", "1.1.0");
  await enrol("oslo", "1.0.0");
  await enrol("oslo", "1.0.0", { line: "press" });

  const held = await waitUntil("what is held back", async () => {
    const { needs }: NeedsReport = JSON.parse((await controller.ask("GET", "/api/v1/needs")).body);
    const found = needs.filter(({ kind }) => kind === "security-held");
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(held.map(({ what, action }) => [what, action.commands]).toSorted(), [
    [
      "1 machine of group acme/press stays below lantern 1.1.0, a security release",
      ["fairlead unpin --tenant acme --group press --product lantern"],
    ],
    [
      "2 machines of site acme/berlin stay below lantern 1.1.0, a security release",
      ["fairlead resume --tenant acme --site berlin"],
    ],
  ]);
  assert.ok(held.every(({ since, subject }) => since !== undefined && subject.file === "tenants/acme.yaml"));
  const shown = await fairlead(["status", "--controller", controller.url, "--token", TOKEN]);
  assert.match(shown.stdout, /2 machines of site acme\/berlin stay below lantern 1\.1\.0/);

  await controller.state.write("tenants/acme.yaml", ACME.replace("{paused: {reason: audit}}", "{}"));
  await controller.commits("berlin goes on");
  await waitUntil("only the pin", async () => {
    const { needs }: NeedsReport = JSON.parse((await controller.ask("GET", "/api/v1/needs")).body);
    const found = needs.filter(({ kind }) => kind === "security-held");
    return found.length === 1 && found[0]?.subject.devices === 1 ? found : undefined;
  });
});
