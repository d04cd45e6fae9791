import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

test("a real controller answers people from its fleet's thread, and what they were given outlives a kill", async (t) => {
  const repository = await StateRepository.create(t);
  await repository.addVersion("1.0.0");
  await repository.point("stable", "1.0.0");
  await repository.commit("first");
  const controller = await ControllerProcess.start(t, repository.directory);
  const operator = ["--token-file", join(controller.stateDirectory, "operator-token")];
  const ask = (...args: readonly string[]) => fairlead([...args, "--controller", controller.url]);

  const added = await ask("people", "add", "ada", "--role", "operator", "--tenant", "acme", ...operator);
  assert.equal(added.code, 0, added.stderr);
  const mine = ["--token", added.stdout.trim()];
  const list = await ask("agents", "list", ...mine);
  assert.deepEqual([list.code, list.stdout.startsWith("ID ")], [0, true], list.stderr);
  assert.equal((await ask("paths", ...mine)).stdout.split(":")[0], "nobody is stranded");
  assert.equal((await ask("rollouts", "list", ...mine)).code, 0);
  assert.match((await ask("agents", "show", "d-1", ...mine)).stderr, /api\/not-found/);
  assert.equal((await ask("audit", ...mine)).stdout, "", "that ada was let in is of no tenant");
  assert.match(
    (await ask("audit", ...operator)).stdout,
    /operator \(127\.0\.0\.1\) +person\.create +person ada/,
  );

  await controller.kill("SIGKILL");
  await controller.launch();
  assert.equal((await ask("agents", "list", ...mine)).code, 0, "her token is on the disk");
  const plan = await fairlead(["plan", "--base", "main", "--controller", controller.url, ...mine], {
    cwd: repository.directory,
  });
  assert.equal(plan.code, 0, plan.stderr);
});
