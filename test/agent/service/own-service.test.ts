import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { AGENT } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { enrolledMachine } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";
import { startSystemd } from "./real-systemd.ts";

test("a real systemd runs the agent that `service install` gave it, confined, and again when it dies; `unenroll` takes it away", async (t) => {
  if (process.platform !== "linux" || process.geteuid?.() !== 0 || !existsSync("/usr/lib/systemd/systemd")) {
    return t.skip("this test runs a systemd of its own, which takes root and systemd");
  }
  const units = mkdtempSync(join(tmpdir(), "fairlead-units-"));
  t.after(() => rmSync(units, { recursive: true, force: true }));
  const first = "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sleep infinity\n";
  writeFileSync(join(units, "sysinit-lantern.service"), first);
  const systemd = await startSystemd(t, units);
  if (systemd === undefined) return t.skip("a systemd cannot be started in namespaces here");
  // Services have a /tmp of their own, so the machine cannot lie there.
  const { machine, server } = await enrolledMachine(
    t,
    { update_check_interval: "1s" },
    async () => undefined,
    "/opt",
  );
  const agent = (...args: readonly string[]) =>
    systemd.run(process.execPath, AGENT, ...args, "--home", machine.home);
  const processId = async (): Promise<string> =>
    (await systemd.run("systemctl", "show", "--property=MainPID", "fairlead-agent.service")).stdout.trim();

  const installed = await agent("service", "install");
  assert.equal(installed.code, 0, installed.stderr);
  assert.match(
    installed.stdout,
    /^installed and started: \/etc\/systemd\/system\/fairlead-agent\.service\n$/,
  );
  const shown = await agent("service", "show");
  assert.match(shown.stdout, /fairlead-agent\.service: active\n$/);

  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  await waitUntil("the service to install 1.1.0", async () =>
    (await machine.installedVersion()) === "lantern 1.1.0" ? true : undefined,
  );
  const before = await processId();
  const mayWrite = async (folder: string): Promise<boolean> => {
    const seen = `/proc/${before.replace("MainPID=", "")}/root${folder}`;
    return (await systemd.run("test", "-d", seen, "-a", "-w", seen)).code === 0;
  };
  assert.deepEqual(await Promise.all([machine.home, dirname(machine.executable), "/usr"].map(mayWrite)), [
    true,
    true,
    false,
  ]);
  // What confines it does not keep it from giving back what only its start needed.
  const filePages = (status: string): number => Number(/^RssFile:\s+(\d+) kB$/m.exec(status)?.[1]);
  const empty = await systemd.run(process.execPath, "-p", 'fs.readFileSync("/proc/self/status", "utf8")');
  await waitUntil("the service to be smaller than an empty node", async () => {
    const { stdout } = await systemd.run("cat", `/proc/${before.replace("MainPID=", "")}/status`);
    return filePages(stdout) < filePages(empty.stdout) * 0.75 ? true : undefined;
  });
  await systemd.run("systemctl", "kill", "--signal=SIGKILL", "fairlead-agent.service");
  await waitUntil("systemd to start it again", async () => {
    const now = await processId();
    return now !== before && now !== "MainPID=0" ? true : undefined;
  });

  const left = await agent("unenroll", "--yes");
  assert.equal(left.code, 0, left.stdout + left.stderr);
  assert.match(left.stdout, /^removed the service fairlead-agent$/m);
  const state = await systemd.run("systemctl", "is-active", "fairlead-agent.service");
  assert.equal(state.stdout, "inactive\n");
  assert.equal(await processId(), "MainPID=0");
  assert.equal((await systemd.run("systemctl", "cat", "fairlead-agent.service")).code, 1);
  assert.ok(!existsSync(machine.home));
  assert.deepEqual(readdirSync(join(machine.directory, "bin")), ["lantern"]);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});
