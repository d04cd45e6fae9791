import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { test } from "node:test";
import { StateRepository } from "../support/state-repository.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

interface Thread {
  readonly isMain: boolean;
  readonly name: string;
  readonly niceness: number;
}

test("while a state is read and checked, the thread that answers stands before all that work for it", {
  skip: process.platform === "linux" ? false : "threads have priorities of their own on Linux only",
}, async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  const args = [
    "--repo",
    state.directory,
    "--path",
    "",
    "--state-dir",
    await temporaryFolder(t),
    "--dev-keys",
  ];
  const controller = new ServeProcess(t, args);
  await controller.listening();

  const threads = threadsOf(controller.child.pid);
  const answering = threads.find(({ isMain }) => isMain);
  assert.ok(answering !== undefined && answering.niceness < constants.priority.PRIORITY_LOW);
  const behind = threads.filter(({ niceness }) => niceness === constants.priority.PRIORITY_LOW);
  assert.ok(
    behind.some(({ name }) => name === "WorkerThread"),
    JSON.stringify(threads),
  );
  const collectors = threads.filter(({ name }) => name.startsWith("node-V8Worker"));
  assert.ok(collectors.length > 0);
  assert.deepEqual(
    collectors.filter((thread) => !behind.includes(thread)),
    [],
  );
});

/** Those of a process, as proc_pid_stat(5) tells: the name stands in brackets, the niceness is the 19th field. */
function threadsOf(pid: number | undefined): Thread[] {
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const [, name = "", rest = ""] =
      /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/task/${id}/stat`, "utf8")) ?? [];
    return { isMain: id === String(pid), name, niceness: Number(rest.split(" ")[16]) };
  });
}
