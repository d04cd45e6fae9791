import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { AGENT, killAndWait, run, runOk } from "../support/run-command.ts";
import { STRACE, whyNoStrace } from "../support/strace.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine, installedBytes, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** Renames of one update: more than there are; the first run that is not killed ends the enumeration. */
const MOST_RENAMES = 40;

/**
 * Runs `update` again and again from the same start, killed with SIGKILL at its first, second, third ... rename, until
 * a run gets through. Every lasting change of the agent is a rename. After each kill the executable must be one of the
 * two versions, and the next start must come to the end that a run without a kill comes to.
 */
async function killAtEachRename(
  enrolled: EnrolledMachine,
  oldBytes: Buffer,
  newBytes: Buffer,
  checkEnd: (k: number) => void,
): Promise<void> {
  const { machine, staging } = enrolled;
  const saved = join(machine.directory, "saved");
  mkdirSync(saved);
  const folders = ["agent", "bin"].map((name) => join(machine.directory, name));
  await runOk("cp", ["-a", ...folders, saved]);
  const update = [process.execPath, AGENT, "update", "--home", machine.home];
  // strace compares the old name of a rename; those of the trusted metadata have a test of their own.
  const watched = [
    ...["journal.json.new", "state.json.new"].map((name) => join(machine.home, name)),
    ...["copy.new", `staged-${sha256Hex(newBytes)}`, `previous-${sha256Hex(oldBytes)}`].map((name) =>
      join(staging, name),
    ),
  ].flatMap((path) => ["-P", path]);
  for (let k = 1; k <= MOST_RENAMES; k++) {
    for (const folder of folders) rmSync(folder, { recursive: true });
    await runOk("cp", ["-a", join(saved, "agent"), join(saved, "bin"), machine.directory]);
    const inject = ["-e", "trace=rename", "-e", `inject=rename:signal=SIGKILL:when=${k}`];
    const killed = await run("strace", [...STRACE, ...watched, ...inject, ...update]);
    if (killed.code === 0 || killed.code === 1) {
      assert.ok(k > 8, `only ${k - 1} renames were seen`);
      checkEnd(k);
      return;
    }
    const bytes = installedBytes(machine);
    assert.ok(
      bytes.equals(oldBytes) || bytes.equals(newBytes),
      `rename ${k}: neither the old version nor the new one`,
    );
    const next = await Agent.open(agentHome(machine.home, {}));
    await next.product().update(true);
    checkEnd(k);
  }
  assert.fail("the update never got through");
}

test("killed at any rename of an update, the machine holds the old or the new version, and the next start finishes", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const enrolled = await enrolledMachine(t);
  const { server, status, leftovers, machine } = enrolled;
  const [before, after] = [program("1.0.0"), program("1.1.0")];
  server.release("1.1.0", after);
  server.promote("1.1.0");
  await killAtEachRename(enrolled, before, after, (k) => {
    assert.ok(installedBytes(machine).equals(after), `rename ${k}`);
    const { journal, previous, blocked } = status();
    assert.deepEqual([journal, previous?.version, blocked], ["idle", "1.0.0", []], `rename ${k}`);
    assert.deepEqual(leftovers().length, 1, `rename ${k}: ${leftovers()}`);
  });
});

test("killed at any rename of an update that is not confirmed, the next start restores the previous version", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const enrolled = await enrolledMachine(t, {
    confirm: ["sh", "-c", 'exit "$(grep -c 1.1.0 "$1")"', "sh", "{path}"],
    confirm_attempts: 1,
  });
  const { server, status, broken, machine } = enrolled;
  const [before, after] = [program("1.0.0"), program("1.1.0")];
  server.release("1.1.0", after);
  server.promote("1.1.0");
  await killAtEachRename(enrolled, before, after, (k) => {
    assert.ok(installedBytes(machine).equals(before), `rename ${k}`);
    const { journal, blocked } = status();
    assert.deepEqual([journal, blocked[0]?.version], ["idle", "1.1.0"], `rename ${k}`);
    assert.equal(broken().length, 1, `rename ${k}: the broken file is kept`);
  });
});

test("killed during a check that never ends, the next start counts the attempt and restores", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  const check = `confirm: [sh, -c, 'touch "$0.checking"; exec sleep 600', "{path}"]`;
  setInConfig(machine, check, "confirm_attempts: 1", "confirm_timeout: 300s");
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  const agent = spawn(process.execPath, [AGENT, "update", "--home", machine.home], { stdio: "ignore" });
  t.after(() => killAndWait(agent, "SIGKILL"));
  await waitUntil("the check", () => existsSync(`${machine.executable}.checking`) || undefined);
  await killAndWait(agent, "SIGKILL");
  assert.equal(status().journal, "confirming");
  const next = await machine.agent("update");
  assert.equal(next.code, 1, next.stdout);
  assert.match(readFileSync(machine.executable, "utf8"), /1\.0\.0/);
  assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.1.0"]);
});
