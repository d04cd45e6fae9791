import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LogFile, logFiles } from "../../../agent/logs/log-file.ts";
import { readLog } from "../../../agent/logs/read-log.ts";
import { AGENT, cleanEnvironment, killAndWait } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { enrolledMachine } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";

function newLog(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-log-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "agent.log");
}

test("a log keeps the newest lines in bounded space, whichever of two processes rotates it", async (t) => {
  const path = newLog(t);
  const one = new LogFile(path, 1000);
  const other = new LogFile(path, 1000);
  const written = Array.from({ length: 400 }, (_, index) => `line ${index}`);
  for (const [index, line] of written.entries()) (index % 2 === 0 ? one : other).append(line);
  const read: string[] = [];
  for await (const line of readLog(path, () => undefined)) read.push(line);
  assert.deepEqual(read, written.slice(-read.length));
  assert.ok(read.length > 200, `${read.length}`);
  for (const file of logFiles(path)) assert.ok(statSync(file).size <= 1000);
});

test("who follows a log misses nothing of it through rotations", async (t) => {
  const path = newLog(t);
  const log = new LogFile(path, 2000);
  log.append("before");
  const stop = new AbortController();
  const read: string[] = [];
  const following = (async () => {
    for await (const line of readLog(path, () => undefined, stop.signal)) read.push(line);
  })();
  for (let round = 0; round < 5; round++) {
    for (let index = 0; index < 40; index++) log.append(`round ${round}, line ${index}`);
    await waitUntil(`round ${round}`, () => (read.at(-1) === `round ${round}, line 39` ? true : undefined));
  }
  stop.abort();
  await following;
  assert.equal(read.length, 201);
});

test("what an update did is in the log of the machine, for people, for programs, and since a time", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  await updateTo("1.1.0", program("1.1.0"));
  server.fault = { flipAt: 14 };
  assert.equal((await updateTo("1.2.0", program("1.2.0"))).code, 1);
  const shown = await machine.agent("logs");
  assert.match(shown.stdout, /Z info {2}lantern: 1\.1\.0 confirmed\n/);
  assert.match(shown.stdout, /Z error error\[install\/tampered\]: /);
  const events = (await machine.agent("logs", "--json")).stdout.trimEnd().split("\n");
  assert.ok(events.map((line) => JSON.parse(line).event).includes("confirmed"));
  assert.equal((await machine.agent("logs", "--lines", "1")).stdout.trimEnd().split("\n").length, 1);
  assert.equal((await machine.agent("logs", "--since", "2999-01-01")).stdout, "");
  assert.equal((await machine.agent("logs", "--since", "1h")).stdout, shown.stdout);
});

test("logs -f goes on until Ctrl-C, which is no failure", async (t) => {
  const { machine, updateTo } = await enrolledMachine(t);
  const args = [AGENT, "logs", "-f", "--home", machine.home];
  const child = spawn(process.execPath, args, {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => killAndWait(child, "SIGKILL"));
  let seen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
  });
  await updateTo("1.1.0", program("1.1.0"));
  await waitUntil("the update in the log", () => (seen.includes("1.1.0 confirmed") ? true : undefined));
  const ended = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
  child.kill("SIGINT");
  assert.equal(await ended, 0);
});
