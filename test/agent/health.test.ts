import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parseConfig } from "../../agent/config/config-file.ts";
import { aliveFor, look, type Sighting, UNSEEN, type Watched } from "../../agent/life-cycle/program-watch.ts";
import { findProgram } from "../../agent/process/find-program.ts";
import { AGENT, killAndWait, run, runOk } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** A service: says its version, or runs until it is killed. `body` is what it does as a service first. */
function service(version: string, body = ""): Buffer {
  return program(version, `if [ "$1" = serve ]; then ${body}\nwhile :; do sleep 1; done; fi`);
}

/**
 * A machine with a service manager of a few lines: `start` ends what runs and starts the installed file, and starts it
 * again as often as it ends. `{manager}` in a setting stands for its folder.
 */
async function serviceMachine(t: TestContext, ...settings: readonly string[]): Promise<EnrolledMachine> {
  const enrolled = await enrolledMachine(t);
  const { machine } = enrolled;
  // Apart from the machine, whose folder is removed before the services end.
  const folder = await mkdtemp(join(tmpdir(), "fairlead-manager-"));
  const manager = join(folder, "manager");
  writeFileSync(
    manager,
    `#!/bin/sh
stop() { [ -e ${folder}/group ] && kill -9 "-$(cat ${folder}/group)" 2>/dev/null; rm -f ${folder}/group; }
case $1 in
  stop) stop ;;
  start) stop; setsid sh -c 'echo $$ >${folder}/group; while :; do ${machine.executable} serve & echo $! >${folder}/service.pid; wait $!; sleep 0.5; done' >/dev/null 2>&1 & ;;
esac
exit 0
`,
    { mode: 0o755 },
  );
  t.after(async () => {
    await run(manager, ["stop"]);
    await rm(folder, { recursive: true, force: true });
  });
  const lines = [`restart: ["${manager}", start]`, ...settings];
  setInConfig(machine, ...lines.map((line) => line.replace("{manager}", folder)));
  return enrolled;
}

/** What a server on this machine answers; its address. */
async function answering(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
}

test("a version whose process lives on for as long as is asked is confirmed", async (t) => {
  const { machine, updateTo, status } = await serviceMachine(
    t,
    "health: {alive: 3s, pid_file: {manager}/service.pid}",
    "confirm_timeout: 40s",
  );
  const update = await updateTo("1.1.0", service("1.1.0"));
  assert.equal(update.code, 0, update.stdout);
  assert.equal(status().last?.outcome, "confirmed");
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a crash loop is seen long before the deadline, restored, blocked and called by its name", async (t) => {
  const { machine, updateTo, status, broken } = await serviceMachine(
    t,
    "health: {alive: 300s}",
    "confirm_timeout: 600s",
  );
  const update = await updateTo("1.1.0", service("1.1.0", "sleep 3; exit 1"));
  assert.equal(update.code, 1);
  assert.match(update.stdout, /1\.1\.0 was rolled back: install\/crashed: 1\.1\.0 does not stay up/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.deepEqual([status().journal, status().blocked[0]?.version, broken().length], ["idle", "1.1.0", 1]);
});

test("a version that hangs is put back at its deadline", async (t) => {
  const url = await answering(t, () => undefined);
  const { machine, updateTo, status } = await serviceMachine(
    t,
    `health: {http: "${url}"}`,
    "confirm_timeout: 3s",
  );
  const update = await updateTo("1.1.0", service("1.1.0"));
  assert.equal(update.code, 1);
  assert.match(update.stdout, /rolled back: install\/confirm-failed: 1\.1\.0 does not answer/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal(status().blocked[0]?.version, "1.1.0");
});

test("an HTTP probe asks until the program answers as it should, by status and by words", async (t) => {
  let asked = 0;
  const url = await answering(t, (_, response) => {
    asked++;
    if (asked < 2) response.writeHead(503).end();
    else response.writeHead(asked < 3 ? 200 : 202).end(asked < 4 ? "starting" : "all is well");
  });
  const { updateTo } = await serviceMachine(
    t,
    `health: {http: {url: "${url}", status: 202, contains: well}}`,
  );
  const update = await updateTo("1.1.0", service("1.1.0"));
  assert.equal(update.code, 0, update.stdout);
  assert.equal(asked, 4);
});

test("READY is the new version's word: the file that the version before made does not count", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-ready-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const ready = join(folder, "ready");
  writeFileSync(ready, "");
  const settings = [`health: {ready: ${ready}}`, "confirm_timeout: 4s"];
  const { machine, updateTo, status } = await serviceMachine(t, ...settings);
  const silent = await updateTo("1.1.0", service("1.1.0"));
  assert.equal(silent.code, 1);
  assert.match(silent.stdout, /rolled back: install\/confirm-failed: 1\.1\.0 is not up in its time/);
  assert.equal(existsSync(ready), false);

  const config = join(machine.home, "config.yaml");
  writeFileSync(config, readFileSync(config, "utf8").replace("confirm_timeout: 4s", "confirm_timeout: 60s"));
  const saying = await updateTo("1.2.0", service("1.2.0", `sleep 1; : >${ready}`));
  assert.equal(saying.code, 0, saying.stdout);
  assert.equal(status().last?.outcome, "confirmed");
});

test("all that is asked of a version must hold together", async (t) => {
  const url = await answering(t, (_, response) => response.end("well"));
  const { machine, updateTo } = await serviceMachine(
    t,
    `health: {alive: 2s, http: "${url}", command: [sh, -c, '! grep -q 1.1.0 "$1"', sh, "{path}"]}`,
    "confirm_attempts: 2",
    "confirm_timeout: 40s",
  );
  const refused = await updateTo("1.1.0", service("1.1.0"));
  assert.match(refused.stdout, /rolled back: install\/confirm-failed: the check command/);
  const taken = await updateTo("1.2.0", service("1.2.0"));
  assert.equal(taken.code, 0, taken.stdout);
  assert.equal(await machine.installedVersion(), "lantern 1.2.0");
});

test("where systemd runs the service, its count of restarts tells of a crash loop", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  const tools = join(machine.directory, "tools");
  mkdirSync(tools);
  // Stands in for systemd: each look finds the service started once more, under another number.
  writeFileSync(
    join(tools, "systemctl"),
    `#!/bin/sh
n=$(cat ${tools}/n 2>/dev/null || echo 0); echo $((n + 1)) >${tools}/n
case "$*" in *lantern.service) printf 'MainPID=%s\\nNRestarts=%s\\nActiveState=activating\\nLoadState=loaded\\n' "$$" "$n" ;; *) exit 1 ;; esac
`,
    { mode: 0o755 },
  );
  setInConfig(machine, "service: lantern.service", "health: {alive: 60s}", "confirm_timeout: 600s");
  server.release("1.1.0", service("1.1.0"));
  server.promote("1.1.0");
  const update = await run(process.execPath, [AGENT, "update", "--home", machine.home], {
    env: { PATH: `${tools}:${process.env.PATH}` },
  });
  assert.equal(update.code, 1);
  assert.match(update.stdout, /install\/crashed[\s\S]*the service manager had to start it again/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a program is found by its script, and not where this process started it itself", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-found-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const script = join(folder, "lantern");
  writeFileSync(script, service("1.0.0"), { mode: 0o755 });
  const own = spawn(script, ["serve"], { stdio: "ignore" });
  t.after(() => killAndWait(own, "SIGKILL"));
  await waitUntil(
    "the script",
    () => readFileSync(`/proc/${own.pid}/cmdline`, "latin1").includes("serve") || undefined,
  );
  assert.equal(findProgram(script), undefined);

  const pid = Number(await runOk("sh", ["-c", `setsid "${script}" serve >/dev/null 2>&1 & echo $!`]));
  t.after(() => process.kill(pid, "SIGKILL"));
  const found = await waitUntil("the program", () => findProgram(script));
  assert.equal(found.pid, pid);
  const later = { boot: found.boot, seconds: Math.ceil(Number(found.started) / 100) + 1 };
  assert.equal(findProgram(script, later), undefined, "it is the version before");
});

const running = (pid: number, started: string, restarts?: number): Sighting => ({
  kind: "running",
  identity: { boot: "b", pid, started },
  ...(restarts === undefined ? {} : { restarts }),
});

function watch(...looks: readonly [at: number, sighting: Sighting][]): Watched {
  return looks.reduce((watched, [at, sighting]) => look(watched, sighting, at), UNSEEN);
}

test("a process that is another one under the same number has crashed, and one that goes to the background has not", () => {
  const reused = watch([0, running(7, "100")], [9, running(7, "999")]);
  assert.match(reused.crash ?? "", /process 7 ended, and 7 was started/);
  const background = watch([0, running(7, "100")], [1, running(8, "101")], [5, running(8, "101")]);
  assert.deepEqual([background.crash, aliveFor(background, 6)], [undefined, 5]);
  const twice = watch([0, running(7, "1")], [1, running(8, "2")], [2, running(9, "3")]);
  assert.match(twice.crash ?? "", /process 8 ended/);
});

test("a program that is gone for a moment counts from anew, and one that stays away has crashed", () => {
  const absent: Sighting = { kind: "absent" };
  assert.equal(watch([0, absent], [60, absent]).crash, undefined, "it has not come up yet");
  const back = watch([0, running(7, "100")], [1, absent], [2, running(7, "100")]);
  assert.equal(back.crash, undefined);
  assert.match(watch([0, running(7, "100")], [1, absent], [6, absent]).crash ?? "", /nothing took its place/);
  assert.equal(aliveFor(watch([0, running(7, "100")], [1, absent]), 3), 0);
  assert.match(watch([0, running(7, "1", 0)], [1, running(7, "1", 1)]).crash ?? "", /start it again/);
  assert.equal(watch([0, { kind: "failed", why: "gave up" }], [1, running(7, "1")]).crash, "gave up");
});

test("each wrong value of `health` is refused, and what is right is read", () => {
  const sound = {
    schemaVersion: 1,
    server: "https://acme.example",
    product: "lantern",
    install_path: "/opt/lantern",
  };
  const read = (health: unknown, more: object = { restart: ["x"] }) =>
    parseConfig({ ...sound, ...more, health }, "config.yaml").products[0]?.confirm;
  for (const wrong of [
    "yes",
    [],
    {},
    { alive: "2h" },
    { alive: 5 },
    { alive: "60s" },
    { pid_file: "/run/x.pid" },
    { alive: "5s", pid_file: "x.pid" },
    { http: "ftp://x" },
    { http: { url: "http://x", status: 99 } },
    { http: { url: "http://x", contains: "" } },
    { http: { url: "http://x", method: "PUT" } },
    { ready: "ready" },
    { ready: true },
    { command: "a text" },
    { alife: "5s" },
  ]) {
    assert.throws(
      () => read(wrong),
      { code: "config/bad-config", message: /`health`/ },
      JSON.stringify(wrong),
    );
  }
  assert.throws(() => read({ ready: "/run/ready" }, {}), { message: /needs `restart`/ });
  assert.throws(() => read({ command: ["x"] }, { confirm: ["y"] }), { message: /one of them/ });
  assert.deepEqual(read({ alive: "30s", http: "http://127.0.0.1/", command: ["x"], ready: "/run/ready" }), {
    restart: ["x"],
    check: ["x"],
    health: { alive: 30, http: { url: "http://127.0.0.1/", status: 200 }, readyFile: "/run/ready" },
    seconds: 60,
    attempts: 30,
  });
});
