import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { enrollDevice } from "../../../agent/config/enroll-device.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { JournalFile } from "../../../agent/life-cycle/journal-file.ts";
import { StateFile } from "../../../agent/state/state-file.ts";
import { AgentMachine } from "../../support/agent-machine.ts";
import { AGENT, run, runOk } from "../../support/run-command.ts";
import { whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { setInConfig } from "../enrolled-machine.ts";
import { UpdateServer } from "../update-server.ts";

const SERVICE = join(import.meta.dirname, "self-service.ts");

/** The agent as one program; `ends`: it exits straight after its start. */
function agentProgram(version: string, folder: string, ends = false): Buffer {
  const runs = ends ? "exit 3" : `exec ${process.execPath} ${SERVICE} ${version} ${folder}`;
  return Buffer.from(`#!/bin/sh\n[ "$1" = --version ] && { echo "lantern ${version}"; exit 0; }\n${runs}\n`);
}

/** Answers as systemctl does, for one service: the stand-in for the service manager. It is told, and asked, as ours is. */
function standIn(program: string, note: string): string {
  return `#!/bin/sh
lives() {
  [ -e ${note} ] && read -r pid <${note} && [ -e "/proc/$pid/stat" ] || return 1
  state=$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)
  [ -n "$state" ] && [ "$state" != Z ]
}
bring() { lives || { setsid ${program} run </dev/null >>${note}.log 2>&1 & echo $! >${note}; }; }
end() { lives && kill -KILL "$pid"; while lives; do sleep 0.05; done; }
case "$2" in
  show) echo LoadState=loaded; if lives; then echo ActiveState=active; else echo ActiveState=inactive; fi ;;
  start) bring ;;
  stop) end ;;
  restart) end; bring ;;
esac
`;
}

/** A machine whose agent runs as a service, looks after itself as \`windows\`, and has been offered 1.1.0. */
async function machineWithAgent(t: TestContext, endsAtStart = false) {
  const path = process.env.PATH;
  // Before the machine's folder goes.
  t.after(async () => {
    await run("systemctl", ["-", "stop"]);
    process.env.PATH = path;
  });
  const server = await UpdateServer.start(t);
  const machine = await AgentMachine.create(t);
  const folder = machine.directory;
  const program = join(folder, "bin", "lantern.exe");
  const note = join(folder, "pid");
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "systemctl"), standIn(program, note), { mode: 0o755 });
  process.env.PATH = `${tools}:${path}`;
  const home = agentHome(machine.home, {});
  const old = agentProgram("1.0.0", folder);
  server.release("1.0.0", old, { format: "windows" });
  server.promote("1.0.0");
  const values = { server: server.url, product: "lantern", install_path: program };
  await enrollDevice(home, values, { kind: "sha256", sha256: server.rootSha256 }, false);
  setInConfig(machine, "format: windows", "service: lantern", "self: true");
  writeFileSync(program, old, { mode: 0o755 });
  server.release("1.1.0", agentProgram("1.1.0", folder, endsAtStart), { format: "windows" });
  server.promote("1.1.0");
  await runOk("systemctl", ["-", "start"]);
  const isUp = (version: string) =>
    waitUntil(`${version} to run`, () => {
      const up = join(folder, `up-${version}`);
      const pid = existsSync(up) ? readFileSync(up, "utf8") : "";
      return (pid !== "" && pid === readFileSync(note, "utf8").trim()) || undefined;
    });
  await isUp("1.0.0");
  return {
    ...{ machine, folder, program, isUp, note },
    notes: () => ({ ...new StateFile(home).read(), journal: new JournalFile(home.journal).read().state }),
    programs: () => readdirSync(dirname(program)).filter((name) => name.endsWith(".exe")),
    /** What the hourly task runs. */
    recover: () => machine.agent("resume", "--wait", "2m"),
  };
}

test("an agent that is a service itself is started as its new version by another process, and that confirms it", async (t) => {
  const { folder, isUp, notes, programs } = await machineWithAgent(t);
  writeFileSync(join(folder, "go"), "");
  await isUp("1.1.0");
  await waitUntil("1.1.0 to be confirmed", () => notes().last?.outcome === "confirmed" || undefined);
  assert.deepEqual(
    [notes().last?.from, notes().last?.to, notes().previous?.version],
    ["1.0.0", "1.1.0", "1.0.0"],
  );
  await waitUntil("the end", () => notes().journal === "idle" || undefined);
  assert.deepEqual(programs(), ["lantern.exe"]);
});

test("one that ends straight after its start is taken back, kept to look at, and blocked as what failed itself", async (t) => {
  const { folder, isUp, notes, programs } = await machineWithAgent(t, true);
  rmSync(join(folder, "up-1.0.0"));
  writeFileSync(join(folder, "go"), "");
  await waitUntil("1.1.0 to be taken back", () => notes().last?.outcome === "rolled-back" || undefined);
  await isUp("1.0.0");
  assert.deepEqual([notes().blocked[0]?.version, notes().blocked[0]?.failedAt?.length], ["1.1.0", 1]);
  assert.deepEqual(programs().sort(), ["lantern.broken.exe", "lantern.exe"]);
});

for (const [what, ends, version] of [
  ["a good version", false, "1.1.0"],
  ["one that does not run", true, "1.0.0"],
] as const) {
  test(`where the process that goes on with ${what} dies, the hourly task brings the service up`, async (t) => {
    const missing = await whyNoStrace();
    if (missing !== undefined) return t.skip(missing);
    const { machine, folder, isUp, notes, recover } = await machineWithAgent(t, ends);
    writeFileSync(join(folder, "alone"), "");
    rmSync(join(folder, "up-1.0.0"));
    writeFileSync(join(folder, "go"), "");
    await waitUntil(
      "the agent to leave",
      async () => (await runOk("systemctl", ["-", "show"])).includes("inactive") || undefined,
    );
    assert.equal(notes().journal, "confirming", readFileSync(join(folder, "pid.log"), "utf8"));
    let kills = 0;
    // Killed over and over: before it has started anything, and while it notes what came of it.
    for (const [call, nth] of [
      ["openat", 400],
      ["rename", 1],
      ["rename", 2],
    ] as const) {
      const kill = [
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        `trace=${call}`,
        "-e",
        `inject=${call}:signal=SIGKILL:when=${nth}`,
      ];
      const { code } = await run("strace", [
        ...kill,
        process.execPath,
        AGENT,
        "resume",
        "--home",
        machine.home,
      ]);
      if (code === null) kills++;
    }
    assert.ok(kills > 0);
    await recover();
    await isUp(version);
    assert.equal(notes().journal, "idle");
    assert.equal(notes().last?.outcome, ends ? "rolled-back" : "confirmed");
  });
}
