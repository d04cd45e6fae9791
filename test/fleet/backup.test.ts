import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../serve/serve-process.ts";
import { lantern } from "../support/device-client.ts";
import { fairlead } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FleetController } from "./fleet-controller.ts";

test("a backup of a controller at work is a state folder, from which it goes on when the other is lost", async (t) => {
  const controller = await FleetController.start(t);
  const { stateFolder } = controller.options;
  const device = await controller.device(await controller.token({ tenant: "acme" }));
  device.products = [lantern("1.0.0", { channel: "stable" })];
  assert.equal((await device.checkIn()).status, 200);

  const to = join(await temporaryFolder(t), "backup");
  let isDone = false;
  const others = (async () => {
    while (!isDone) assert.equal((await device.checkIn()).status, 200, "check-ins go on meanwhile");
  })();
  for (let time = 0; time < 2; time++) {
    const { code, stderr, stdout } = await fairlead(["backup", "--state-dir", stateFolder, "--to", to]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /fleet\.db/);
  }
  isDone = true;
  await others;
  assert.equal(statSync(to).mode & 0o777, 0o700);
  for (const name of readdirSync(to)) assert.equal(statSync(join(to, name)).mode & 0o777, 0o600, name);
  assert.ok(readdirSync(to).every((name) => !name.endsWith(".partial")));

  await controller.stop();
  for (const name of readdirSync(stateFolder)) {
    // Of what is only tried out neither keys nor their root are backed up; a fleet's root is in git.
    if (!["dev-keys", "manifest-dev"].includes(name)) rmSync(join(stateFolder, name), { recursive: true });
  }
  cpSync(to, stateFolder, { recursive: true });
  await controller.restart();
  // It is known, and so is its key; until a manifest is served there is nothing to answer.
  await waitUntil("its check-in", async () => ((await device.checkIn()).status === 200 ? true : undefined));
});

test("what is no state folder is not backed up", async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stderr } = await fairlead(["backup", "--state-dir", folder, "--to", join(folder, "copy")]);
  assert.equal(code, 1);
  assert.match(stderr, /error\[folder\/nothing-to-back-up\]/);
  assert.deepEqual(readdirSync(folder), []);
});
