import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fateOf, identityOf } from "../../agent/process/process-identity.ts";
import { killAndWait } from "../support/run-command.ts";

test("a process is told from every other one that ever had its number", { skip: noProc() }, async (t) => {
  const own = identityOf(process.pid);
  assert.ok(own !== undefined);
  assert.equal(fateOf(own), "this");
  assert.equal(fateOf({ ...own, started: "1" }), "ended", "the number is in use, by another process");
  assert.equal(fateOf({ ...own, boot: "another start of the system" }), "rebooted");

  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  t.after(() => killAndWait(child, "SIGKILL"));
  const other = identityOf(child.pid ?? 0);
  assert.ok(other !== undefined);
  assert.equal(fateOf(other), "running");
  await killAndWait(child, "SIGKILL");
  assert.equal(fateOf(other), "ended");
  assert.equal(identityOf(child.pid ?? 0), undefined);
});

function noProc(): string | false {
  return process.platform === "linux" ? false : "only Linux tells, through /proc";
}
