import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Updater } from "tuf-js";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";
import { temporaryFolder } from "./serve-process.ts";

const ROUNDS = 6;

/** A client of another make, with the memory of a real one: what it has seen, it never goes back behind. */
class TufClient {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(t: TestContext, server: string): Promise<TufClient> {
    const folder = await temporaryFolder(t);
    await mkdir(join(folder, "targets"));
    const root = await (await fetch(`${server}/tuf/1.root.json`)).text();
    await writeFile(join(folder, "root.json"), root);
    return new TufClient(folder);
  }

  /** Verifies the whole manifest and downloads one policy document. */
  async verify(server: string): Promise<void> {
    const updater = new Updater({
      metadataDir: this.folder,
      metadataBaseUrl: `${server}/tuf`,
      targetDir: join(this.folder, "targets"),
      targetBaseUrl: `${server}/targets`,
    });
    await updater.refresh();
    const target = await updater.getTargetInfo("policy/product/lantern.json");
    assert.ok(target !== undefined);
    await updater.downloadTarget(target);
  }
}

test("killed at any instant of a publish, the next start serves a manifest that another client verifies", async (t) => {
  const state = await StateRepository.create(t);
  for (let round = 0; round <= ROUNDS; round++) await state.addVersion(`1.${round}.0`);
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  const controller = await ControllerProcess.start(t, state.directory);
  const client = await TufClient.create(t, controller.url);
  await client.verify(controller.url);

  let commit = "";
  for (let round = 1; round <= ROUNDS; round++) {
    await state.point("stable", `1.${round}.0`);
    commit = await state.commit(`promote 1.${round}.0`);
    // Publishing takes tens of milliseconds from the commit on: spread the kills over that time.
    await sleep(Math.random() * 120);
    await controller.kill("SIGKILL");
    await controller.launch();
    await client.verify(controller.url);
  }
  await controller.serves(commit);
  await client.verify(controller.url);
});
