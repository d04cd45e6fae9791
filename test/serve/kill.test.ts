import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";
import { TufClient } from "./tuf-client.ts";

const ROUNDS = 6;

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
