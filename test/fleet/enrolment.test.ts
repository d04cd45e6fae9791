import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInAnswer, DeviceClient, enrolmentAnswer } from "../support/device-client.ts";
import { FleetController } from "./fleet-controller.ts";

test("a device enrols with a token, checks in, and is on the controller's disk", async (t) => {
  const controller = await FleetController.start(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const device = new DeviceClient(controller);
  const enrolled = await device.enrol(token);
  assert.equal(enrolled.status, 201, enrolled.content.toString());
  const placed = enrolmentAnswer(enrolled);
  assert.equal(placed.device, device.id);
  assert.equal(placed.tenant?.name, "acme");
  assert.match(placed.tenant?.key ?? "", /^[0-9a-f]{64}$/);
  assert.equal(placed.site, "berlin");
  assert.deepEqual({ ...placed.labels }, { ring: "canary" });

  const reply = await device.checkIn();
  assert.equal(reply.status, 200, reply.content.toString());
  assert.deepEqual(checkInAnswer(reply).acknowledged, []);
  const [row] = controller.rows("SELECT id, tenant FROM device");
  assert.deepEqual({ ...row }, { id: device.id, tenant: "acme" });
});
