import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { HOME_ERRORS } from "../../agent/home/home-error.ts";
import { INSTALL_ERRORS, isInstallCode, speaksAgainst } from "../../agent/installation/install-error.ts";
import { blockAfter } from "../../agent/life-cycle/block-after.ts";
import { commandFailure } from "../../agent/process/command-failure.ts";
import { failureCause } from "../../agent/report/failure-cause.ts";
import { blockBuild, blockedVersions } from "../../agent/state/block-build.ts";
import { parseState } from "../../agent/state/state-file.ts";
import { CAUSES_AGAINST_RELEASE } from "../../protocol/gate/failure-causes.ts";
import { run, runOk } from "../support/run-command.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

const codes = Object.keys(INSTALL_ERRORS).filter(isInstallCode);

test("what speaks against a build on its machine is what speaks against its release at the gate, and nothing else", () => {
  const against: readonly string[] = CAUSES_AGAINST_RELEASE;
  for (const code of codes) {
    assert.equal(speaksAgainst(code) === "the build", against.includes(failureCause(code)), code);
  }
  for (const code of [...Object.keys(HOME_ERRORS), "agent/defect", "fetch/timed-out"]) {
    assert.equal(speaksAgainst(code), "the moment", code);
  }
});

test("a build is blocked for what it did itself, wherever; for the moment it waits only once it has been swapped in", () => {
  const answers = (place: "before-swap" | "after-swap") =>
    ["self-test-failed", "confirm-failed", "crashed", "restart-failed", "wrong-arch", "bad-archive"].map(
      (code) => blockAfter(`install/${code}`, place),
    );
  assert.deepEqual(
    new Set([...answers("before-swap"), ...answers("after-swap")]),
    new Set(["against-the-build"]),
  );
  for (const code of [
    "install/disk-full",
    "install/io-error",
    "install/not-writable",
    "install/packages-locked",
    "install/package-manager-failed",
    "install/replaced",
    "home/disk-full",
    "home/io-error",
    "home/no-access",
    "agent/defect",
  ]) {
    assert.equal(blockAfter(code, "before-swap"), undefined, code);
    assert.equal(blockAfter(code, "after-swap"), "waits-for-machine", code);
  }
  for (const code of ["new-dependency", "command-unavailable", "service-manager-failed"]) {
    assert.equal(blockAfter(`install/${code}`, "after-swap"), "waits-for-person", code);
  }
});

test("a build that waits for its machine uses up none of its tries, waits longer each time, and a person may try it", () => {
  const build = { version: "1.1.0", id: "a".repeat(64) };
  let blocked = blockBuild([], build, "disk full", 0, 0.5, "waits-for-machine");
  const waits: number[] = [];
  for (let at = 0; waits.length < 6; at = blocked[0]?.until ?? 0) {
    blocked = blockBuild(blocked, build, "disk full", at, 0.5, "waits-for-machine");
    waits.push((blocked[0]?.until ?? 0) - at);
  }
  assert.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  );
  assert.ok((waits.at(-1) ?? 0) <= 86_400);
  const read = parseState(Buffer.from(JSON.stringify({ format: 2, blocked })))?.blocked ?? [];
  assert.deepEqual([read[0]?.waitsForMachine, read[0]?.failedAt], [true, undefined]);
  assert.equal(blockedVersions(read, [build], false).length, 1);
  assert.equal(blockedVersions(read, [build], true).length, 0);
  const bad = blockBuild(read, build, "crashed", 10 ** 6, 0.5);
  assert.deepEqual([bad[0]?.waitsForMachine, bad[0]?.failedAt], [undefined, [10 ** 6]]);
  assert.equal(blockedVersions(bad, [build], true).length, 1, "nobody tries a bad one before its time");
});

test("a command that cannot be run says nothing of the build, unless the build was to bring it", () => {
  const failure = (program: string, errno: string) =>
    commandFailure([program, "x"], { kind: "cannot-start", errno }, "install/confirm-failed");
  assert.equal(failure("curl", "ENOENT"), "install/command-unavailable");
  assert.equal(failure("{path}", "ENOENT"), "install/confirm-failed");
  assert.equal(failure("{path}", "ENOMEM"), "install/io-error");
  const ran = { kind: "exited", code: 1, signal: null, stdout: "", stderr: "" } as const;
  assert.equal(commandFailure(["curl"], ran, "install/confirm-failed"), "install/confirm-failed");
});

/** A machine whose agent has its home on a file system of its own. */
async function withHomeApart(
  t: TestContext,
  work: (enrolled: EnrolledMachine) => Promise<void>,
): Promise<void> {
  let home = "";
  let mounted = false;
  try {
    const enrolled = await enrolledMachine(t, {}, async (machine) => {
      home = machine.home;
      mkdirSync(home, { mode: 0o700 });
      mounted = (await run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", home])).code === 0;
    });
    if (mounted) await work(enrolled);
    else t.skip("this test mounts a tmpfs, which is not allowed here");
  } finally {
    if (mounted) await runOk("umount", ["--lazy", home]);
  }
}

test("a home that takes no more writes after the swap brings the previous version back and blocks nothing for good", (t) =>
  withHomeApart(t, async ({ server, machine, status, broken }) => {
    const writable = join(machine.directory, "writable");
    setInConfig(machine, `restart: [sh, -c, '[ -e ${writable} ] || mount -o remount,ro ${machine.home}']`);
    server.release("1.1.0", program("1.1.0"));
    server.promote("1.1.0");
    const failed = await machine.agent("update");
    assert.match(failed.stderr, /error\[home\/no-access\]/);
    assert.equal(await machine.installedVersion(), "lantern 1.0.0");

    await runOk("mount", ["-o", "remount,rw", machine.home]);
    writeFileSync(writable, "");
    await machine.agent("resume");
    const [blocked] = status().blocked;
    assert.deepEqual(
      [blocked?.version, blocked?.waitsForMachine, blocked?.failedAt],
      ["1.1.0", true, undefined],
    );
    assert.match((await machine.agent("status")).stdout, /blocked +1\.1\.0 until \S+ or `update` by hand/);
    const again = await machine.agent("update");
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.equal(await machine.installedVersion(), "lantern 1.1.0");
    assert.deepEqual([status().blocked, broken()], [[], []], "what works now is not kept as a broken one");
  }));

test("a check that is not on the machine takes no version, and is told as what it is", async (t) => {
  const { machine, status, updateTo } = await enrolledMachine(t);
  const check = join(machine.directory, "check");
  setInConfig(machine, `confirm: [${check}]`, "confirm_attempts: 1");
  const failed = await updateTo("1.1.0", program("1.1.0"));
  assert.equal(failed.code, 1);
  assert.match(failed.stdout + failed.stderr, /install\/command-unavailable/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal(status().blocked[0]?.waitsForPerson, true);
  writeFileSync(check, "#!/bin/sh\n", { mode: 0o755 });
  const helped = await machine.agent("update");
  assert.equal(helped.code, 0, helped.stdout + helped.stderr);
});
