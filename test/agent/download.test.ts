import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sha256Hex } from "../../protocol/digest.ts";
import { AGENT, killAndWait } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine } from "./enrolled-machine.ts";
import { program, UpdateServer } from "./update-server.ts";

/** Large enough to be on its way for long at a slow pace. */
function largeProgram(version: string): Buffer {
  return Buffer.concat([program(version), Buffer.from(`exit\n${"#".repeat(20_000)}\n`)]);
}

/** A machine that is not patient with slow bytes. */
function impatientMachine(t: TestContext): Promise<EnrolledMachine> {
  return enrolledMachine(t, { download_min_rate: 1000, download_rate_window: "1s" });
}

function partialSize({ staging }: EnrolledMachine, bytes: Buffer): number {
  return statSync(join(staging, `staged-${sha256Hex(bytes)}`)).size;
}

test("a download that crawls is given up, blocks nothing, and goes on from there at the next look", async (t) => {
  const enrolled = await impatientMachine(t);
  const { server, machine, updateTo, status } = enrolled;
  const bytes = largeProgram("1.1.0");
  server.fault = { bytesPerSecond: 150 };
  const slow = await updateTo("1.1.0", bytes);
  assert.equal(slow.code, 1);
  assert.match(slow.stderr, /error\[install\/download-stalled\]: [\s\S]*expected 1000 bytes\/s, got \d+/);
  assert.deepEqual([status().journal, status().blocked], ["idle", []]);
  const kept = partialSize(enrolled, bytes);
  assert.ok(kept > 0 && kept < 5000, String(kept));

  server.fault = {};
  server.downloads.length = 0;
  assert.equal((await machine.agent("update")).code, 0);
  assert.deepEqual(server.downloads, [`bytes=${kept}-`]);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

/** A second place that has a version, and the release of it that names this place. */
async function releaseElsewhere(
  t: TestContext,
  server: UpdateServer,
): Promise<(version: string) => UpdateServer> {
  const elsewhere = await UpdateServer.start(t);
  return (version) => {
    const bytes = largeProgram(version);
    elsewhere.release(version, bytes);
    elsewhere.promote(version);
    const path = [...elsewhere.repository.files.keys()].find(
      (name) => name.startsWith("targets/") && name.includes(`/${version}/`),
    );
    server.release(version, bytes, { url: `${elsewhere.url}${path}` });
    server.promote(version);
    return elsewhere;
  };
}

test("the signed address takes over where the server crawls, from where it stopped", async (t) => {
  const { server, machine } = await impatientMachine(t);
  const elsewhere = (await releaseElsewhere(t, server))("1.1.0");
  server.fault = { bytesPerSecond: 150 };
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stdout);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.match(elsewhere.downloads.join(), /^bytes=\d+-$/);
});

test("a first address with wrong bytes does not keep the second one from giving the right ones", async (t) => {
  const { server, machine } = await impatientMachine(t);
  const release = await releaseElsewhere(t, server);
  const faults = [{ flipAt: 14 }, { flipAt: 14, bytesPerSecond: 150 }, { append: 1 }];
  for (const [index, fault] of faults.entries()) {
    const version = `1.${index + 1}.0`;
    release(version);
    server.fault = fault;
    const update = await machine.agent("update");
    assert.equal(update.code, 0, `${JSON.stringify(fault)}: ${update.stdout}`);
    assert.equal(await machine.installedVersion(), `lantern ${version}`);
  }
});

test("an answer to a range that something compressed is not appended: the whole is asked for", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { server, machine, updateTo } = enrolled;
  const bytes = largeProgram("1.1.0");
  server.fault = { cutAfter: 8000 };
  await updateTo("1.1.0", bytes);
  assert.equal(partialSize(enrolled, bytes), 8000);
  server.fault = { encodesRanges: true };
  server.downloads.length = 0;
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stdout);
  assert.deepEqual(server.downloads, ["bytes=8000-", "all"]);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("what has come so far stays where the server has neither the rest nor the whole", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { server, machine, updateTo } = enrolled;
  const bytes = largeProgram("1.1.0");
  server.fault = { cutAfter: 8000 };
  await updateTo("1.1.0", bytes);
  server.fault = { busyFor: 5 };
  assert.match((await machine.agent("update")).stdout, /install\/network[\s\S]*got: status 503/);
  assert.equal(partialSize(enrolled, bytes), 8000);
});

test("the daemon leaves a server alone for as long as its answer to an artifact asks", async (t) => {
  const { server, machine } = await enrolledMachine(t, { update_check_interval: "1s" });
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  server.fault = { busyFor: 3600 };
  server.downloads.length = 0;
  const daemon = spawn(process.execPath, [AGENT, "run", "--home", machine.home], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  try {
    await waitUntil("a refusal", () => /"install\/network"/.test(log) || undefined);
    // Time for some looks of a daemon that did not hear it.
    await sleep(4000);
  } finally {
    await killAndWait(daemon, "SIGKILL");
  }
  assert.deepEqual([log.split('"install/network"').length - 1, server.downloads.length], [1, 1], log);
});
