import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { executable, PLATFORM } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a machine that was enrolled once updates through every change of keys, and the controller never restarts", async (t) => {
  const machine = await AgentMachine.create(t);
  const work = join(machine.directory, "state");
  const here = { cwd: work };
  const command = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await fairlead(args, here);
    assert.equal(code, 0, `fairlead ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const made = await fairlead(["init", work, "--product", "lantern"]);
  assert.equal(made.code, 0, made.stdout + made.stderr);
  const onlineKey = join(machine.directory, "online.json");
  await cp(join(work, "keys", "online.json"), onlineKey);
  await cp(join(work, "keys", "naming-secret"), join(machine.directory, "naming-secret"));
  const controller = await ControllerProcess.start(t, work, ["--online-key", onlineKey]);
  const root = await readFile(join(work, "trust", "root", "1.root.json"));
  await machine.enroll(controller.url, createHash("sha256").update(root).digest("hex"), "--channel", "beta");

  let patch = 0;
  /** Commits what a ceremony wrote, with a release and its promotion, and waits until the machine runs it. */
  const reachesTheMachine = async (afterwards = async (): Promise<void> => {}): Promise<void> => {
    const version = `2.0.${++patch}`;
    const file = join(machine.directory, `lantern-${version}`);
    await writeFile(file, executable(version));
    await command("release", "add", "lantern", version, "--artifact", `${PLATFORM}=${file}`);
    await writeFile(join(work, "products/lantern/channels/beta.yaml"), `version: ${version}\n`);
    await runOk("git", ["add", "-A"], here);
    await command("validate", "--staged");
    await runOk("git", ["commit", "-qm", `keys, and ${version}`], here);
    await afterwards();
    await controller.serves((await runOk("git", ["rev-parse", "HEAD"], here)).trim());
    const updated = await machine.agent("update");
    assert.equal(updated.code, 0, updated.stdout + updated.stderr);
    assert.equal(await machine.installedVersion(), version);
  };

  await command("keys", "renew");
  await reachesTheMachine();
  const rotated = JSON.parse(await command("keys", "rotate", "online", "--json"));
  await cp(rotated.keys[0].path, onlineKey);
  await reachesTheMachine();
  await command("keys", "rotate", "releases-lantern");
  await reachesTheMachine();
  await command("keys", "add-holder", "root", "--holder", "grace", "linus", "--threshold", "2");
  await command("keys", "add-holder", "targets", "--holder", "grace", "linus", "--threshold", "2");
  await reachesTheMachine();
  const { holders } = JSON.parse(await command("keys", "show", "--json"));
  const lost = holders.flatMap(({ keys }: { keys: { keyid: string; holder?: string }[] }) =>
    keys.filter(({ holder }) => holder === "linus").map(({ keyid }) => keyid),
  );
  assert.equal(lost.length, 2);
  await command("keys", "revoke", ...lost);
  await reachesTheMachine();
  const late = JSON.parse(await command("keys", "rotate", "online", "--json"));
  await reachesTheMachine(async () => {
    await waitUntil("the controller to miss the key", () =>
      controller.output.includes("publish/online-key-not-trusted") ? true : undefined,
    );
    await cp(late.keys[0].path, onlineKey);
  });
  assert.match(await command("keys", "status"), /^good {5}trust\/root\/7\.root\.json/m);
});
