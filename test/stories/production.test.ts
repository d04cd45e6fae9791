import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { executable, PLATFORM } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

test("from the key ceremony over a pushed merge to a machine, with a webhook that only says look again", async (t) => {
  const machine = await AgentMachine.create(t);
  const work = join(machine.directory, "state");
  const bare = join(machine.directory, "state.git");
  const here = { cwd: work };
  const command = async (...args: string[]): Promise<void> => {
    const result = await fairlead(args, here);
    assert.equal(result.code, 0, `fairlead ${args.join(" ")}\n${result.stdout}${result.stderr}`);
  };
  const push = async (): Promise<string> => {
    await runOk("git", ["push", "-q", "origin", "main"], here);
    return (await runOk("git", ["rev-parse", "HEAD"], here)).trim();
  };

  const made = await fairlead(["init", work, "--product", "lantern"]);
  assert.equal(made.code, 0, made.stdout + made.stderr);
  const addVersion = async (version: string): Promise<void> => {
    const file = join(machine.directory, `lantern-${version}`);
    await writeFile(file, executable(version));
    await command("release", "add", "lantern", version, "--artifact", `${PLATFORM}=${file}`);
    await runOk("git", ["add", "-A"], here);
    await runOk("git", ["commit", "-qm", `add ${version}`], here);
  };
  await addVersion("2.0.0");
  await command("promote", "2.0.0", "--to", "stable");
  await runOk("git", ["clone", "-q", "--bare", work, bare]);
  await runOk("git", ["remote", "add", "origin", bare], here);

  const secret = join(machine.directory, "webhook-secret");
  await writeFile(secret, "a secret of the test\n", { mode: 0o600 });
  const controller = await ControllerProcess.start(t, `file://${bare}`, [
    ...["--online-key", join(work, "keys", "online.json"), "--interval", "1h"],
    ...["--webhook-secret-file", secret, "--artifacts", join(work, "artifacts")],
  ]);
  const lookAgain = async (): Promise<void> => {
    const body = "{}";
    const signature = createHmac("sha256", "a secret of the test").update(body).digest("hex");
    const response = await fetch(`${controller.url}/hooks/git`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` },
      body,
    });
    assert.ok(response.ok, `the webhook answered ${response.status}`);
  };

  const root = await readFile(join(work, "trust", "root", "1.root.json"));
  await machine.enroll(controller.url, createHash("sha256").update(root).digest("hex"));
  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stdout + first.stderr);
  assert.equal(await machine.installedVersion(), "2.0.0");

  await addVersion("2.1.0");
  await command("promote", "2.1.0", "--to", "stable");
  const promoted = await push();
  await lookAgain();
  await controller.serves(promoted);
  assert.equal((await machine.agent("update")).code, 0);
  assert.equal(await machine.installedVersion(), "2.1.0");

  await runOk("git", ["rm", "-rq", "trust"], here);
  await runOk("git", ["commit", "-qm", "drop the keys"], here);
  const untrusted = await push();
  await lookAgain();
  await waitUntil("readiness to say that the commit is not served", async () => {
    const answer = await fetch(`${controller.url}/readyz`);
    return ((await answer.json()) as { degraded: boolean }).degraded || undefined;
  });
  assert.equal(await controller.servedCommit(), promoted, "the last good manifest stays");
  assert.notEqual(untrusted, promoted);
});
