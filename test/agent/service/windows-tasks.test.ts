import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ServiceManager } from "../../../agent/service/service-manager.ts";
import { ServicesOrTasks } from "../../../agent/service/services-or-tasks.ts";
import { startRecovery } from "../../../agent/service/start-recovery.ts";
import { WindowsTasks } from "../../../agent/service/windows-tasks.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Programs by the names of Windows', one file each: what they are told stands in `told`, and the task's state in `state`. */
function standIns(t: TestContext): {
  readonly folder: string;
  told(): readonly string[];
  set(state: string): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-tasks-"));
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\ncd ${folder}\n${text}\n`, { mode: 0o755 });
  const set = (state: string) => writeFileSync(join(folder, "state"), state);
  program("powershell.exe", 'echo "$4" >>told; cat state; echo');
  // The state that a task goes to when it is run, or no such task.
  const note = (words: string) => `printf '%s\\n' "${words}" >>told`;
  program(
    "schtasks.exe",
    `${note("$*")}; case $1 in /Run) [ -e after ] || exit 1; cp after state ;; /End) echo 3 >state ;; esac`,
  );
  program("updater.exe", note("updater $*"));
  set("3");
  return {
    folder,
    set,
    told: () =>
      existsSync(join(folder, "told")) ? readFileSync(join(folder, "told"), "utf8").split("\n") : [],
  };
}

test("a task of Windows is told by number whether it runs, is run, seen to stay up, and ended", async (t) => {
  const { folder, told, set } = standIns(t);
  const tasks = new WindowsTasks();
  for (const [number, state] of [
    ["-1", "absent"],
    ["1", "stopped"],
    ["2", "starting"],
    ["4", "running"],
  ] as const) {
    set(number);
    assert.equal(await tasks.state("fairlead-agent"), state);
  }
  assert.match(told()[0] ?? "", /-TaskName 'fairlead-agent'/);
  set("words");
  await assert.rejects(tasks.state("fairlead-agent"), { code: "install/service-manager-failed" });

  set("4");
  writeFileSync(join(folder, "after"), "4");
  await tasks.restart("fairlead-agent", { seconds: 10 });
  assert.deepEqual(
    told().filter((line) => line.startsWith("/")),
    ["/End /TN fairlead-agent", "/Run /TN fairlead-agent"],
  );
  writeFileSync(join(folder, "after"), "3");
  await tasks.stop("fairlead-agent", { seconds: 10 });
  await assert.rejects(tasks.start("fairlead-agent", { seconds: 1 }), { code: "install/restart-failed" });
  rmSync(join(folder, "after"));
  await assert.rejects(tasks.start("fairlead-agent", { seconds: 1 }), {
    code: "install/service-manager-failed",
  });
});

test("what Windows calls by a name is the service, and where there is none the task", async () => {
  const asked: string[] = [];
  const manager = (name: string, state: "running" | "absent"): ServiceManager => ({
    state: async () => state,
    start: async () => void asked.push(`start ${name}`),
    stop: async () => void asked.push(`stop ${name}`),
    restart: async () => void asked.push(`restart ${name}`),
    isOurs: () => false,
  });
  const limits = { seconds: 1 };
  for (const services of ["running", "absent"] as const) {
    const both = new ServicesOrTasks(manager("service", services), manager("task", "running"));
    assert.equal(await both.state("x"), "running");
    await both.stop("x", limits);
    await both.restart("x", limits);
  }
  assert.deepEqual(asked, ["stop service", "restart service", "stop task", "restart task"]);
});

test("the recovery task goes on with the agent's own update; where there is none, its program does by itself", async (t) => {
  const { folder, told } = standIns(t);
  const program = { product: "steward", updater: join(folder, "updater.exe"), home: "C:\\Fair lead" };
  writeFileSync(join(folder, "after"), "4");
  await startRecovery(program);
  assert.deepEqual(told().slice(0, -1), ["/Run /TN Fairlead\\recover-steward"]);
  rmSync(join(folder, "after"));
  await startRecovery(program);
  const line = "updater resume --wait 2m --home C:\\Fair lead";
  await waitUntil("the program", () => told().includes(line) || undefined);
  await assert.rejects(startRecovery({ ...program, updater: join(folder, "gone.exe") }), {
    code: "install/service-manager-failed",
  });
});
