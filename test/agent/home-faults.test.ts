import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { AGENT, run, runOk } from "../support/run-command.ts";
import { refusing, runRefusing, whyNoStrace } from "../support/strace.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** A machine to which 1.1.0 is offered; `undefined` where nothing can be traced, and the test is skipped. */
async function tracedMachine(t: TestContext, settings = {}): Promise<EnrolledMachine | undefined> {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return undefined;
  }
  const enrolled = await enrolledMachine(t, settings);
  enrolled.server.release("1.1.0", program("1.1.0"));
  enrolled.server.promote("1.1.0");
  return enrolled;
}

test("whatever the disk refuses of the agent's own files is told with the right path, and the next start goes on", async (t) => {
  const enrolled = await tracedMachine(t);
  if (enrolled === undefined) return;
  const { machine } = enrolled;
  const saved = join(machine.directory, "saved");
  mkdirSync(saved);
  await runOk("cp", ["-a", machine.home, join(machine.directory, "bin"), saved]);
  rmSync(join(saved, "agent", "journal.json.spare"));
  const cases: readonly [names: string, calls: string, errno: string, id: string][] = [
    ["journal.json", "openat", "EACCES", "home/no-access"],
    ["journal.json.spare.new", "openat", "EROFS", "home/no-access"],
    ["journal.json.spare.new", "write,pwrite64", "ENOSPC", "home/disk-full"],
    ["journal.json.new journal.json.spare", "fsync", "EIO", "home/io-error"],
    ["journal.json.new journal.json.spare", "rename", "EACCES", "home/no-access"],
    ["state.json", "openat", "EACCES", "home/no-access"],
    ["state.json.new", "openat", "EROFS", "home/no-access"],
    ["state.json.new", "write,pwrite64", "ENOSPC", "home/disk-full"],
    ["state.json.new", "fsync", "EIO", "home/io-error"],
    ["state.json.new", "rename", "EACCES", "home/no-access"],
    ["lock", "openat", "ENOSPC", "home/disk-full"],
    ["lock", "openat", "EIO", "home/io-error"],
    ["lock", "openat", "EACCES", "home/no-access"],
    ["lock", "openat", "EROFS", "home/no-access"],
  ];
  for (const [names, calls, errno, id] of cases) {
    const what = `${errno} from ${calls} of ${names}`;
    for (const folder of ["agent", "bin"]) {
      rmSync(join(machine.directory, folder), { recursive: true });
      await runOk("cp", ["-a", join(saved, folder), machine.directory]);
    }
    const paths = names.split(" ").map((name) => join(machine.home, name));
    const command = [process.execPath, AGENT, "update", "--home", machine.home];
    const refused = await runRefusing({ paths, calls, errno }, command);
    assert.equal(refused.code, 1, what);
    const named = paths[0]?.replace(/\.new$/, "");
    assert.ok(refused.stderr.startsWith(`error[${id}]: `), `${what}: ${refused.stderr}`);
    assert.ok(refused.stdout.includes(`\`${named}\` (${errno})`), `${what}: ${refused.stderr}`);
    assert.match(refused.stdout, /\n {2}= help: /, what);
    assert.match((await machine.installedVersion()) ?? "", /^lantern 1\.[01]\.0$/, what);

    const next = await Agent.open(agentHome(machine.home, {}));
    await next.product().update(true);
    assert.equal(await machine.installedVersion(), "lantern 1.1.0", what);
    assert.equal(next.product().status().journal.state, "idle", what);
  }
});

test("one spare entry is enough for a journal that finds no room while it confirms", async (t) => {
  const enrolled = await tracedMachine(t);
  if (enrolled === undefined) return;
  const { machine, status } = enrolled;
  const paths = [join(machine.home, "journal.json.new")];
  const command = [process.execPath, AGENT, "update", "--home", machine.home];
  const updated = await runRefusing({ paths, calls: "write,pwrite64", errno: "ENOSPC" }, command);
  assert.equal(updated.code, 0, updated.stdout);
  assert.deepEqual([status().journal, status().last?.outcome], ["idle", "confirmed"]);
});

test("a folder, an endless file or garbage in the place of the agent's notes is set aside, and costs no trust", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  const put: readonly ((path: string) => void)[] = [
    (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "kept"), "whose is this?");
    },
    (path) => {
      writeFileSync(path, "");
      truncateSync(path, 2 ** 40);
    },
    (path) => writeFileSync(path, Buffer.from([0, 255, 254, 10])),
    (path) => writeFileSync(path, "{".repeat(5000)),
  ];
  let minor = 0;
  for (const name of ["state.json", "journal.json", "lock", "state.json.new", "journal.json.spare"]) {
    for (const place of put) {
      const path = join(machine.home, name);
      rmSync(path, { recursive: true, force: true });
      place(path);
      const version = `1.${++minor}.0`;
      server.release(version, program(version));
      server.promote(version);
      const update = await machine.agent("update");
      assert.equal(update.code, 0, `${name}: ${update.stdout}`);
      assert.equal(await machine.installedVersion(), `lantern ${version}`);
      assert.deepEqual([status().journal, status().installed?.version], ["idle", version], name);
    }
  }
  const aside = readdirSync(machine.home).filter((name) => name.includes("damaged"));
  assert.ok(aside.length > 5, aside.join(", "));
  const folder = aside.find((name) => existsSync(join(machine.home, name, "kept")));
  assert.ok(folder !== undefined, "what stood there is not thrown away");
});

test("a pipe in the place of the agent's notes holds nobody up", async (t) => {
  const { machine } = await enrolledMachine(t);
  for (const name of ["state.json", "journal.json"]) {
    rmSync(join(machine.home, name), { force: true });
    await runOk("mkfifo", [join(machine.home, name)]);
    const update = await machine.agent("update");
    assert.equal(update.code, 0, `${name}: ${update.stdout}`);
  }
});

test("a config or a device key that cannot be one is refused by name, and left where it is", async (t) => {
  const { machine } = await enrolledMachine(t);
  for (const [name, id] of [
    ["device-key.json", "config/bad-device-key"],
    ["config.yaml", "config/bad-config"],
  ] as const) {
    const path = join(machine.home, name);
    const sound = readFileSync(path);
    for (const size of [2 ** 30, 0]) {
      truncateSync(path, size);
      const refused = await machine.agent("status");
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, new RegExp(`^error\\[${id}\\]: .*${name}`), `${size} bytes`);
      assert.equal(statSync(path).size, size);
    }
    writeFileSync(path, sound);
  }
  assert.equal((await machine.agent("status")).code, 0);
});

test("a lock whose holder could not be written is let go of like any other: the daemon does not shut itself out", async (t) => {
  const enrolled = await tracedMachine(t, { update_check_interval: "1s" });
  if (enrolled === undefined) return;
  const { server, machine, staging } = enrolled;
  const full = {
    paths: [join(staging, "lock"), join(machine.home, "lock")],
    calls: "pwrite64,ftruncate",
    errno: "ENOSPC",
  };
  const command = [process.execPath, AGENT, "run", "--home", machine.home, "--log", "json"];
  // strace lets no signal through: it and the daemon are ended as one group.
  const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
  const daemon = spawn("strace", refusing(full, command), { stdio, detached: true });
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const installed = (version: string) => async () =>
    (await machine.installedVersion()) === `lantern ${version}` || undefined;
  try {
    await waitUntil("1.1.0", installed("1.1.0"));
    server.release("1.2.0", program("1.2.0"));
    server.promote("1.2.0");
    await waitUntil("1.2.0", installed("1.2.0"));
  } finally {
    // Here and not after the test: by then the machine's folder is being removed, and the daemon still writes there.
    const ended = once(daemon, "close");
    process.kill(-(daemon.pid ?? 0), "SIGKILL");
    await ended;
  }
  assert.doesNotMatch(log, /refused/);
});

test("a home on a read-only file system is named, not the folder of the product", async (t) => {
  let home = "";
  let mounted = false;
  try {
    const { server, machine } = await enrolledMachine(t, {}, async (machine) => {
      home = machine.home;
      mkdirSync(home, { mode: 0o700 });
      mounted = (await run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", home])).code === 0;
    });
    if (!mounted) {
      t.skip("this test mounts a tmpfs, which is not allowed here");
      return;
    }
    await runOk("mount", ["-o", "remount,ro", home]);
    const refused = await machine.agent("update");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /error\[(home\/no-access|trust\/store-unusable)\]: /);
    assert.ok(refused.stdout.includes(home), refused.stdout);
    assert.doesNotMatch(refused.stdout, /bin|ReadWritePaths|defect/);
    assert.equal((await machine.agent("status")).code, 0, "what was noted can still be read");

    const again = await machine.agent(
      ...["enroll", "--force", "--server", server.url, "--product", "lantern"],
      ...["--install-path", machine.executable, "--root-sha256", server.rootSha256],
    );
    assert.match(again.stderr, /error\[(home\/no-access|trust\/store-unusable)\]: /);
    assert.ok(again.stdout.includes(home), again.stdout);
  } finally {
    if (mounted) await runOk("umount", ["--lazy", home]);
  }
});

test("a root file that was cut short is blamed, and not the server", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  const root = join(machine.directory, "1.root.json");
  writeFileSync(root, server.repository.root());
  truncateSync(root, readFileSync(root).length - 200);
  const refused = await machine.agent(
    "enroll",
    ...["--force", "--server", server.url, "--product", "lantern", "--install-path", machine.executable],
    ...["--root", root],
  );
  assert.equal(refused.code, 1);
  assert.ok(refused.stderr.startsWith(`error[config/bad-root]: \`${root}\` is not a root: `), refused.stderr);
  assert.match(refused.stdout, /a file may be cut short/);
});
