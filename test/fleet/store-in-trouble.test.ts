import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../serve/serve-process.ts";
import { checkInAnswer } from "../support/device-client.ts";
import { killAndWait } from "../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../support/small-disk.ts";
import { waitForWords, waitUntil } from "../support/wait-until.ts";
import { FleetController } from "./fleet-controller.ts";

const skip = (await whyNoSmallDisk()) ?? false;

test("a full disk answers 503 with Retry-After to check-ins, and the manifest is served: afterwards it goes on by itself", {
  skip,
}, async (t) => {
  const controller = await FleetController.start(t);
  await controller.stop();
  const folder = await temporaryFolder(t);
  const options = { ...controller.options, stateFolder: folder };
  const [program = "", ...args] = onSmallDisk({ size: "4m", folder, content: "empty" }, [
    process.execPath,
    join(import.meta.dirname, "controller-child.ts"),
    JSON.stringify(options),
  ]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => killAndWait(child, "SIGKILL"));
  const small = await controller.elsewhere(await waitForWords(child, /listens on (\S+)/));
  const device = await small.device();
  assert.equal((await device.checkIn()).status, 200);

  const seen = join(`/proc/${child.pid}/root`, folder);
  fill(join(seen, "filler"));
  const refused = await waitUntil("a check-in to be refused", async () => {
    const reply = await device.checkIn({ facts: { os: "x".repeat(100), cpu: manyFeatures() } });
    assert.equal((await fetch(`${small.url}/tuf/timestamp.json`)).status, 200);
    return reply.status === 200 ? undefined : reply;
  });
  assert.equal(refused.status, 503, refused.content.toString());
  assert.equal(JSON.parse(refused.content.toString()).code, "store/disk-full");
  assert.equal(refused.headers.get("retry-after"), "60");

  rmSync(join(seen, "filler"));
  const taken = await device.checkIn();
  assert.equal(taken.status, 200, taken.content.toString());
  assert.equal(checkInAnswer(taken).newKey, undefined);
});

/** Another list each time, long enough that pages of the database have to be written for it. */
function manyFeatures(): string[] {
  return Array.from({ length: 900 }, () => Math.random().toString(36).slice(2));
}

function fill(file: string): void {
  for (let size = 4 * 1024 * 1024; size >= 4096; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: "a" });
    } catch {
      // That much no longer fits: less may.
    }
  }
}

test("a damaged database keeps nobody from the manifest, and says what to do", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device();
  await controller.stop();
  for (const rest of ["-wal", "-shm"])
    rmSync(join(controller.options.stateFolder, `fleet.db${rest}`), { force: true });
  await writeFile(join(controller.options.stateFolder, "fleet.db"), "this is no database".repeat(1000));
  const log = await controller.restart();
  assert.equal((await fetch(`${controller.url}/tuf/timestamp.json`)).status, 200);
  const reply = await device.at(controller).checkIn();
  assert.deepEqual([reply.status, JSON.parse(reply.content.toString()).code], [503, "fleet/unavailable"]);
  const died = log.find((line) => line.includes('"event":"fleet.died"'));
  assert.match(died ?? "", /"code":"store\/damaged"/);
});
