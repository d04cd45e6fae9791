import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientKey, checkInAnswer, DeviceClient, enrolmentAnswer } from "../support/device-client.ts";
import { FleetController } from "./fleet-controller.ts";

const controller = await FleetController.shared();

function codeOf({ content }: { readonly content: Buffer }): string {
  return JSON.parse(content.toString("utf8")).code;
}

test("a device enrols with a token, checks in, and belongs where the token says", async () => {
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const device = new DeviceClient(controller);
  const enrolled = await device.enrol(token);
  assert.equal(enrolled.status, 201, enrolled.content.toString());
  const placed = enrolmentAnswer(enrolled);
  assert.equal(placed.device, device.id);
  assert.deepEqual(placed.tenant, { name: "acme", key: controller.tenantKey("acme") });
  assert.equal(placed.site, "berlin");
  assert.deepEqual({ ...placed.labels }, { ring: "canary" });

  const reply = await device.checkIn();
  assert.equal(reply.status, 200, reply.content.toString());
  assert.deepEqual(checkInAnswer(reply).acknowledged, []);
  const [row] = controller.rows("SELECT tenant, site FROM device WHERE id = ?", device.id);
  assert.deepEqual({ ...row }, { tenant: "acme", site: "berlin" });
});

test("the same key a second time gets the same answer and uses up nothing of the token", async () => {
  const token = await controller.token({ uses: 1 });
  const device = new DeviceClient(controller);
  const first = await device.enrol(token);
  const second = await device.enrol(token);
  assert.deepEqual([first.status, second.status], [201, 200]);
  assert.deepEqual(enrolmentAnswer(second), enrolmentAnswer(first));
  const third = await new DeviceClient(controller).enrol(token);
  assert.deepEqual([third.status, codeOf(third)], [403, "fleet/token-used-up"]);
});

test("a token that nobody made, one that has expired and one that was revoked enrol nobody", async () => {
  const made = await new DeviceClient(controller).enrol("flt_nobody-made-this");
  assert.deepEqual([made.status, codeOf(made)], [403, "fleet/unknown-token"]);

  const now = Math.floor(Date.now() / 1000);
  const short = await controller.token({ expiresAt: now + 2 });
  await controller.passes(now + 3);
  const expired = await new DeviceClient(controller).enrol(short);
  assert.deepEqual([expired.status, codeOf(expired)], [403, "fleet/token-expired"]);

  const { id, token } = await controller.makeToken();
  assert.equal((await controller.ask("DELETE", `/api/v1/tokens/${id}`)).status, 200);
  const revoked = await new DeviceClient(controller).enrol(token);
  assert.deepEqual([revoked.status, codeOf(revoked)], [403, "fleet/token-revoked"]);
});

test("nobody registers another's key: an enrolment is signed by the very key that it registers", async () => {
  const token = await controller.token();
  const [victim, thief] = [ClientKey.make(), ClientKey.make()];
  const body = {
    schemaVersion: 1,
    authority: { kind: "token", token },
    publicKey: victim.publicKey,
    agentVersion: "1",
    platform: "linux-x64",
  };
  // Under the victim's id, and under the thief's own.
  for (const id of [new DeviceClient(controller, victim).id, new DeviceClient(controller, thief).id]) {
    const client = new DeviceClient(controller, thief, id);
    const reply = await client.send(
      client.prepare("POST", "/api/v1/enrolments", body, { repository: undefined }),
    );
    assert.equal(reply.status, 401, reply.content.toString());
  }
  assert.deepEqual(controller.rows("SELECT 1 FROM device_key WHERE public_key = ?", victim.publicKey), []);
});

test("an address whose enrolments keep failing is told to wait, and a right token is heard from there all the same", async () => {
  let limited: { readonly status: number; readonly headers: Headers } | undefined;
  for (let tries = 0; tries < 40 && limited?.status !== 429; tries++) {
    limited = await new DeviceClient(controller).enrol(`flt_wrong-${tries}`);
  }
  assert.equal(limited?.status, 429);
  assert.equal(limited?.headers.get("retry-after"), "60");
  assert.equal((await new DeviceClient(controller).enrol(await controller.token())).status, 201);
});

test("who is not enrolled is told to enrol, and is not recorded", async () => {
  const stranger = new DeviceClient(controller);
  const reply = await stranger.checkIn();
  assert.deepEqual([reply.status, codeOf(reply)], [401, "signature/unknown-key"]);
  assert.equal(reply.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(controller.rows("SELECT 1 FROM device WHERE id = ?", stranger.id), []);
});

test("tokens are for whoever has the operator's token, and what they open is never listed", async () => {
  const token = await controller.token({ labels: { for: "listing" } });
  for (const method of ["GET", "POST", "DELETE"]) {
    const path = method === "DELETE" ? "/api/v1/tokens/0123456789ab" : "/api/v1/tokens";
    const init = method === "POST" ? { body: "{}", headers: { "content-type": "application/json" } } : {};
    assert.equal((await fetch(controller.url + path, { method, ...init })).status, 401, method);
  }
  const listed = await controller.ask("GET", "/api/v1/tokens");
  assert.equal(listed.status, 200);
  assert.ok(listed.body.includes("listing"));
  assert.ok(!listed.body.includes(token));
  assert.ok(!JSON.stringify(controller.rows("SELECT * FROM token")).includes(token));
});

test("a token for a tenant that is not there, or that has expired already, is not made", async () => {
  const unknown = await controller.ask("POST", "/api/v1/tokens", { tenant: "acne" });
  assert.deepEqual([unknown.status, JSON.parse(unknown.body).code], [404, "http/unknown-tenant"]);
  assert.equal((await controller.ask("POST", "/api/v1/tokens", { expiresAt: 1 })).status, 400);
  assert.equal((await controller.ask("POST", "/api/v1/tokens", { site: "berlin" })).status, 400);
  assert.equal((await controller.ask("DELETE", "/api/v1/tokens/0123456789ab")).status, 404);
});
