import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readlinkSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { ControllerProcess } from "../support/controller-process.ts";
import { type CommandResult, killAndWait, lacks, run, runOk, TOP } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

const skip = process.platform === "linux" ? await lacks("strip") : `not tried on ${process.platform}`;

/** An environment in which no other program is found, least of all node. */
const NOTHING_ELSE = ["-i", "PATH=/nonexistent"];

let builds = "";
/** The executable of a version. */
const built = (version: string): string => join(builds, `fairlead-agent-${version}`);

before(async () => {
  if (skip !== false) return;
  builds = await mkdtemp(join(tmpdir(), "fairlead-executable-"));
  const build = (version: string) =>
    runOk(process.execPath, [
      ...[join(TOP, "tools", "build-sea.ts"), "--version", version, "--out", built(version)],
    ]);
  await Promise.all([build("1.0.0"), build("1.1.0")]);
});
after(() => (builds === "" ? undefined : rm(builds, { recursive: true, force: true })));

function alone(program: string, ...args: readonly string[]): Promise<CommandResult> {
  return run("env", [...NOTHING_ELSE, program, ...args], { cwd: "/" });
}

/** A fleet that knows one product: the agent. */
class AgentFleet {
  readonly state: StateRepository;
  readonly controller: ControllerProcess;

  private constructor(state: StateRepository, controller: ControllerProcess) {
    this.state = state;
    this.controller = controller;
  }

  static async start(t: TestContext): Promise<AgentFleet> {
    const state = await StateRepository.create(t);
    // A hundred megabytes are no matter for git.
    await state.write(".gitignore", "artifacts/\n");
    await state.write("products/agent/product.yaml", "description: the updater itself\n");
    await rm(join(state.directory, "products", "lantern"), { recursive: true });
    await AgentFleet.add(state, "1.0.0", await readFile(built("1.0.0")));
    await state.commit("agent 1.0.0");
    return new AgentFleet(state, await ControllerProcess.start(t, state.directory));
  }

  private static async add(state: StateRepository, version: string, bytes: Buffer): Promise<void> {
    const url = `artifacts/agent-${version}`;
    await state.write(url, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const artifact = `{platform: ${PLATFORM}, format: binary, url: ${url}, size: ${bytes.length}, sha256: ${sha256}}`;
    await state.write(
      `products/agent/versions/${version}.yaml`,
      `version: ${version}\nartifacts:\n  - ${artifact}\n`,
    );
    await state.write("products/agent/channels/stable.yaml", `version: ${version}\n`);
  }

  async promote(version: string, bytes: Buffer): Promise<void> {
    await AgentFleet.add(this.state, version, bytes);
    await this.state.commit(`agent ${version}`);
  }
}

/** A machine with 1.0.0, enrolled by it, that has neither node nor anything else. */
async function bareMachine(t: TestContext, fleet: AgentFleet) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bare-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [home, program] = [join(folder, "home"), join(folder, "bin", "fairlead-agent")];
  await mkdir(join(folder, "bin"));
  await copyFile(built("1.0.0"), program);
  const agent = (...args: readonly string[]) => alone(program, ...args, "--home", home);
  const { url } = fleet.controller;
  const enrolled = await agent(
    ...["enroll", "--server", url, "--product", "agent", "--install-path", program],
    ...["--root-sha256", await fleet.controller.rootFingerprint()],
  );
  assert.equal(enrolled.code, 0, enrolled.stdout + enrolled.stderr);
  appendFileSync(join(home, "config.yaml"), "update_check_interval: 1s\n");
  const status = async () => JSON.parse((await agent("status", "--json")).stdout);
  return { folder, home, program, agent, status };
}

test("the executable runs where there is no node, and says what the agent says", { skip }, async () => {
  const program = built("1.0.0");
  assert.deepEqual(await alone(program, "--version"), { code: 0, stdout: "1.0.0\n", stderr: "" });
  const help = await alone(program, "help", "update");
  assert.deepEqual([help.code, help.stderr], [0, ""]);
  assert.match(help.stdout, /^fairlead-agent update - /);

  const unknown = await alone(program, "udpate");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean `update`\?/);
  const facts = await alone(program, "facts", "--json");
  assert.deepEqual([facts.code, facts.stderr], [0, ""]);
  assert.equal(typeof JSON.parse(facts.stdout), "object");
  const nowhere = await alone(program, "status", "--home", join(builds, "nowhere"));
  assert.equal(nowhere.code, 1);

  const withOptions = await run("env", ["-i", "NODE_OPTIONS=--no-such-option", program, "--version"]);
  assert.equal(withOptions.stdout, "1.0.0\n", "what is meant for other programs changes nothing");
  assert.match(
    await readFile(`${program}.licences.txt`, "utf8"),
    /^semver .* \(ISC\)\n[\s\S]*^yaml .* \(ISC\)$/m,
  );
});

test("as a daemon it replaces itself by its next version, goes on, and puts a bad one back", {
  skip,
}, async (t) => {
  const fleet = await AgentFleet.start(t);
  const { home, program, agent, status, folder } = await bareMachine(t, fleet);
  const check = await agent("update", "--check");
  assert.deepEqual([check.code, check.stderr], [0, ""]);
  assert.match(check.stdout, /is at 1\.0\.0, which is what it should run/);

  const daemon = supervise(t, program, home, join(folder, "bin", ".fairlead-agent.fairlead"));
  const daemonId = await waitUntil("the daemon", () => daemon.runs[0]);
  await waitUntil("its first look", () => /"decided"/.test(daemon.output()) || undefined);
  const firstFile = readlinkSync(`/proc/${daemonId}/exe`);

  await fleet.promote("1.1.0", await readFile(built("1.1.0")));
  await waitUntil("1.1.0", async () => (await status()).installed === "1.1.0" || undefined);
  await waitUntil("its confirmation", async () => (await status()).state === "idle" || undefined);
  assert.equal((await status()).last.outcome, "confirmed");
  assert.equal(firstFile, program);
  assert.deepEqual(daemon.runs, [daemonId], "one process went on");
  assert.equal(readlinkSync(`/proc/${daemonId}/exe`), program, "which runs the file that is there now");
  assert.equal((await alone(program, "--version")).stdout, "1.1.0\n");

  const crashes = `#!/bin/sh\n[ "\${1:-}" = --version ] && { echo 1.2.0; exit 0; }\nexit 1\n`;
  await fleet.promote("1.2.0", Buffer.from(crashes));
  await waitUntil("1.2.0 to be put back", async () => {
    const { code, stdout } = await alone(program, "status", "--json", "--home", home);
    return (code === 0 && JSON.parse(stdout).last?.outcome === "rolled-back") || undefined;
  });
  assert.equal((await alone(program, "--version")).stdout, "1.1.0\n");
  await waitUntil("the daemon to run again", () => daemon.runs[1]);
  const before = (await status()).lastCheckAt;
  await waitUntil("it to look again", async () => (await status()).lastCheckAt !== before || undefined);
  assert.equal((await status()).installed, "1.1.0", "the bad version is not tried again");
});

/** What watches the daemon, as docs/single-executable.md has it: after a failure the kept copy has a look first. */
function supervise(t: TestContext, program: string, home: string, staging: string) {
  const script = `
    until "$1" run --home "$2" --log json & echo "run $!"; wait $!; do
      for kept in "$3"/previous-*; do [ ! -x "$kept" ] || "$kept" resume --home "$2"; done
    done`;
  const watcher: ChildProcess = spawn("/bin/sh", ["-c", script, "sh", program, home, staging], {
    env: {},
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [watcher.stdout, watcher.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  t.after(async () => {
    if (watcher.pid !== undefined) process.kill(-watcher.pid, "SIGKILL");
    await killAndWait(watcher, "SIGKILL");
  });
  return {
    output: () => output,
    get runs() {
      return [...output.matchAll(/^run (\d+)$/gm)].map(([, pid]) => Number(pid));
    },
  };
}
