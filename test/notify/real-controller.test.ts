import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../serve/serve-process.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";
import { ReceiverServer } from "./receiver-server.ts";

const HMAC = "0123456789abcdef0123456789abcdef";

test("a receiver is told of a promotion, a refused commit with its line, and its end; a restart tells nothing twice", async (t) => {
  const receiver = await ReceiverServer.start(t);
  const folder = await temporaryFolder(t);
  const config = join(folder, "fairlead.yaml");
  await writeFile(join(folder, "hmac"), `${HMAC}\n`);
  await writeFile(join(folder, "token"), "t0ken-of-the-receiver\n");
  const webhook = `{url: "${receiver.url}/in", hmacSecretFile: hmac, tokenFile: token, privateAddress: allow}`;
  await writeFile(config, `notify: [{name: ops, webhook: ${webhook}}]\nlogLevel: debug\n`);
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("first");
  const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys", "--config", config]);

  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  const promoting = await state.commit("promote 1.1.0");
  const promoted = await receiver.hears("fairlead.channel.promoted");
  assert.equal(promoted.specversion, "1.0");
  assert.equal(promoted.subject, "lantern/stable");
  const { data } = promoted as { data: Record<string, unknown> };
  assert.deepEqual([data.version, data.commit, data.phase], ["1.1.0", promoting, "happened"]);
  const [first] = receiver.got;
  assert.ok(first !== undefined);
  assert.equal(first.headers["content-type"], "application/cloudevents+json; charset=utf-8");
  assert.equal(first.headers["ce-id"], promoted.id);
  assert.equal(first.headers.authorization, "Bearer t0ken-of-the-receiver");
  const mac = createHmac("sha256", HMAC).update(first.body).digest("hex");
  assert.equal(first.headers["x-hub-signature-256"], `sha256=${mac}`);

  await state.write("tenants/acme.yaml", "channel: stable\nnonsense: true\n");
  const bad = await state.commit("a mistake");
  const refused = (await receiver.hears("fairlead.commit.refused")) as {
    data: { lines: string[]; commit: string };
  };
  assert.equal(refused.data.commit, bad);
  assert.match(refused.data.lines[0] ?? "", /^tenants\/acme\.yaml:2: unknown key `nonsense`/);

  const told = new Set(receiver.events.map(({ id }) => id));
  await controller.kill("SIGKILL");
  await controller.launch();
  await state.write("tenants/acme.yaml", "channel: stable\n");
  const good = await state.commit("mended");
  const served = (await receiver.hears("fairlead.commit.served")) as { data: { title: string } };
  assert.match(served.data.title, new RegExp(`commit ${good.slice(0, 10)} is served`));
  // What was under way when it was killed may come again: it is the same event, by its id, and a receiver knows it.
  assert.deepEqual(
    receiver.events.filter(({ id }) => !told.has(id)).map(({ type }) => type),
    ["fairlead.commit.served"],
    "what was told before the restart is not told anew",
  );
  for (const secret of [HMAC, "t0ken-of-the-receiver"]) assert.ok(!controller.output.includes(secret));
});
