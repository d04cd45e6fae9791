import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { callHelper } from "../../../agent/formats/through-helper/call-helper.ts";
import type { Link } from "../../../agent/helper-link/link.ts";
import { type Reply, type Request, readReply } from "../../../agent/helper-link/messages.ts";
import { InstallError } from "../../../agent/installation/install-error.ts";
import { sha256Hex } from "../../../protocol/digest.ts";
import { killAndWait, run } from "../../support/run-command.ts";
import { whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { program, UpdateServer } from "../update-server.ts";
import { AGENT_UID, asUser, callAsRoot, HelpedMachine, OTHER_UID, whyNoHelper } from "./helped-machine.ts";

const missing = await whyNoHelper();

interface Attacked {
  readonly server: UpdateServer;
  readonly machine: HelpedMachine;
  /** Asks the helper as whoever has the agent's user can: with its metadata, and any bytes. */
  ask(request: Request, bytes?: Buffer): Promise<Refusal | "done">;
}
type Refusal = { readonly code: string; readonly message: string };

/** A machine that runs 1.1.0 by way of 1.0.0, which the release key lets nobody go back to. */
async function attackedMachine(t: TestContext): Promise<Attacked> {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await HelpedMachine.start(t, server.repository.root());
  await machine.enroll(server.url, server.rootSha256);
  for (const version of ["1.0.0", "1.1.0"]) {
    server.release(version, program(version));
    if (version !== "1.0.0") server.promote(version);
    const update = await machine.agent("update");
    assert.equal(update.code, 0, update.stderr + machine.helperOutput);
  }
  return {
    server,
    machine,
    ask: async (request, bytes) => {
      const file = join(machine.directory, "given");
      if (bytes !== undefined) writeFileSync(file, bytes);
      const helper = {
        socket: machine.socket,
        product: "lantern",
        metadata: join(machine.home, "trust"),
        staging: join(machine.home, "staging"),
      };
      try {
        await callHelper(helper, request, bytes === undefined ? {} : { artifact: file });
        return "done";
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
        return {
          code: error.code === "install/helper-refused" ? (error.got ?? "") : error.code,
          message: error.message,
        };
      }
    },
  };
}

function install(version: string, origin: "download" | "kept" = "download"): Request {
  return { do: "install", product: "lantern", version, origin };
}

/** What the agent has fetched of the signed repository, brought up to date. */
async function refreshed({ machine }: Attacked): Promise<void> {
  await machine.agent("explain");
  await machine.agent("update", "--check");
}

test("what nobody signed is not installed: other bytes, another version, another product, another kind of file", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine, ask } = attacked;
  server.release("1.2.0", program("1.2.0"));
  server.promote("1.2.0");
  await refreshed(attacked);
  const evil = Buffer.from(program("1.2.0").toString().replace("echo", "true"));
  assert.equal(evil.length, program("1.2.0").length);
  const codes = [];
  for (const [request, bytes] of [
    [install("1.2.0"), evil],
    [install("1.2.0"), Buffer.concat([program("1.2.0"), Buffer.from("#")])],
    [install("1.2.0"), undefined],
    [install("9.9.9"), program("9.9.9")],
    [{ ...install("1.2.0"), product: "beacon" }, program("1.2.0")],
  ] as const) {
    const refusal = await ask(request, bytes);
    codes.push(refusal === "done" ? refusal : refusal.code);
  }
  assert.deepEqual(codes, [
    "install/tampered",
    "install/tampered",
    "install/tampered",
    "helper/not-signed",
    "helper/unknown-product",
  ]);
  assert.equal(machine.installed(), "1.1.0");
  assert.deepEqual(
    readdirSync(machine.staging).filter((name) => name.startsWith("staged-")),
    [],
  );
  assert.equal(await ask(install("1.2.0"), program("1.2.0")), "done", "the signed bytes are installed");
  assert.equal(machine.installed(), "1.2.0");
});

test("a yanked version, an older one outside of the signed range and a way past a barrier are refused", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine, ask } = attacked;
  const code = async (request: Request, bytes?: Buffer) => {
    const refusal = await ask(request, bytes);
    return refusal === "done" ? refusal : refusal.code;
  };
  assert.equal(await code(install("1.0.0"), program("1.0.0")), "helper/downgrade");
  assert.equal(await code(install("1.0.0", "kept")), "helper/downgrade", "nor what the helper itself kept");
  assert.equal(
    await code({
      do: "restore",
      product: "lantern",
      failed: sha256Hex(program("1.1.0")),
      kept: sha256Hex(program("1.0.0")),
    }),
    "helper/nothing-to-restore",
    "an installation that is over is not undone",
  );
  server.release("1.2.0", program("1.2.0"), { active: false });
  server.release("1.3.0", program("1.3.0"), { barrier: {}, critical: ["barrier"] });
  server.release("1.4.0", program("1.4.0"));
  server.release("1.5.0", program("1.5.0"), { upgradeFrom: ">=1.4.0" });
  server.publish();
  await refreshed(attacked);
  assert.equal(await code(install("1.2.0"), program("1.2.0")), "helper/yanked");
  assert.equal(await code(install("1.4.0"), program("1.4.0")), "helper/off-the-way");
  assert.equal(await code(install("1.5.0"), program("1.5.0")), "helper/off-the-way");
  server.fleet = { paused: { reason: "incident 7" } };
  server.publish();
  await refreshed(attacked);
  assert.equal(await code(install("1.3.0"), program("1.3.0")), "helper/paused");
  assert.equal(machine.installed(), "1.1.0");

  server.fleet = {};
  server.release("1.1.0", program("1.1.0"), { rollbackTo: ">=1.0.0" });
  server.publish();
  await refreshed(attacked);
  assert.equal(await code(install("1.0.0", "kept")), "done", "inside the signed range it is");
  assert.equal(machine.installed(), "1.0.0");
});

test("older metadata than the helper has verified, or another root's, is refused whatever the agent keeps", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine, ask } = attacked;
  const trust = join(machine.home, "trust");
  const old = new Map(readdirSync(trust).map((name) => [name, readFileSync(join(trust, name))]));
  server.release("1.2.0", program("1.2.0"), { rollbackTo: ">=1.2.0" });
  server.promote("1.2.0");
  assert.equal((await machine.agent("update")).code, 0, machine.helperOutput);
  for (const name of readdirSync(trust)) rmSync(join(trust, name));
  for (const [name, bytes] of old) writeFileSync(join(trust, name), bytes);
  const rolledBack = await ask(install("1.1.0"), program("1.1.0"));
  assert.match(rolledBack === "done" ? rolledBack : rolledBack.message, /expected version \d+ or newer/);

  const other = await UpdateServer.start(t);
  other.release("2.0.0", program("2.0.0"));
  other.promote("2.0.0");
  for (const [path, bytes] of other.repository.files) {
    const name = path.startsWith("metadata/") ? path.replace(/^metadata\/(\d+\.)?/, "") : "";
    if (name !== "") writeFileSync(join(trust, name), bytes);
  }
  writeFileSync(join(trust, "root-2"), other.repository.root());
  const unsigned = await ask(install("2.0.0"), program("2.0.0"));
  assert.match(unsigned === "done" ? unsigned : unsigned.message, /2\.root\.json/);
  rmSync(join(trust, "root-2"));
  const forged = await ask(install("2.0.0"), program("2.0.0"));
  assert.match(forged === "done" ? forged : forged.message, /timestamp\.json/);
  assert.equal(machine.installed(), "1.2.0");
});

test("a staged file that another process flips in a loop is installed as signed or not at all", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine, ask } = attacked;
  const file = join(machine.directory, "given");
  const body = `# ${"x".repeat(2_000_000)}`;
  const good = program("1.2.0", body);
  const evil = Buffer.from(good.toString().replaceAll("x", "y"));
  writeFileSync(join(machine.directory, "good"), good);
  writeFileSync(join(machine.directory, "evil"), evil);
  server.release("1.2.0", good);
  server.release("1.2.1", program("1.2.1"));
  server.promote("1.2.0");
  await refreshed(attacked);
  writeFileSync(file, good);
  // In place and by rename, as fast as a shell can.
  const flipper = spawn(
    "sh",
    [
      "-c",
      "while :; do cat evil > given; cp good other && mv other given; cp evil other && mv other given; cat good > given; done",
    ],
    {
      cwd: machine.directory,
      stdio: "ignore",
    },
  );
  const helper = {
    socket: machine.socket,
    product: "lantern",
    metadata: join(machine.home, "trust"),
    staging: "",
  };
  let refusals = 0;
  for (let tries = 0; tries < 40 && machine.installed() !== "1.2.0"; tries++) {
    await callHelper(helper, install("1.2.0"), { artifact: file }).catch((error) => {
      assert.ok(error instanceof InstallError, String(error));
      refusals++;
    });
    const now = readFileSync(machine.executable);
    assert.ok(
      now.equals(good) || now.equals(program("1.1.0")),
      "neither the signed bytes nor what was there",
    );
  }
  await killAndWait(flipper, "SIGKILL");
  t.diagnostic(`${refusals} refused`);
  assert.ok(refusals > 0 || machine.installed() === "1.2.0");
  assert.notEqual(await ask(install("1.2.1"), evil), "done");
});

test("the helper opens nothing that the agent could have put a link, a pipe or a device in the place of", async (t) => {
  const untraced = missing ?? (await whyNoStrace());
  if (untraced !== undefined) return t.skip(untraced);
  const { server, machine } = await attackedMachine(t);
  server.release("1.2.0", program("1.2.0"));
  server.promote("1.2.0");
  const trace = join(machine.directory, "trace");
  const pid = String(machine.helperPid);
  const strace = spawn("strace", ["-f", "-e", "trace=%file", "-o", trace, "-p", pid], { stdio: "ignore" });
  await waitUntil("strace to hold the helper", () => (existsSync(trace) ? true : undefined));
  await sleep(500);
  const update = await machine.agent("update");
  await killAndWait(strace, "SIGINT");
  assert.equal(update.code, 0, update.stderr + machine.helperOutput);
  const opened = readFileSync(trace, "utf8");
  assert.match(opened, /\.lantern\.fairlead\/staged-/, "what it opens is seen");
  assert.ok(!opened.includes(machine.home), "nothing below the agent's home");

  const link = await run(...commandOf(asUser(AGENT_UID, ["ln", "-sf", "/etc/passwd", machine.executable])));
  assert.notEqual(link.code, 0, "nor can the agent write where it installs");
  const inside = await run(...commandOf(asUser(AGENT_UID, ["ls", machine.staging])));
  assert.notEqual(inside.code, 0, "or enter where it stages");
});

test("a process of another user cannot ask, and one that gets hold of a connection cannot answer for the agent", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { machine } = await attackedMachine(t);
  const script = `
    const socket = require("node:net").connect(process.argv[1]);
    socket.on("error", (error) => { console.log(error.code); });
    socket.on("data", (data) => { console.log(data.toString("latin1")); socket.end(); });`;
  const stranger = await run(
    ...commandOf(asUser(OTHER_UID, [process.execPath, "-e", script, machine.socket])),
  );
  assert.match(stranger.stdout, /^EACCES/);

  // Were the rights of the socket passed over, as on some systems, the challenge would stand alone.
  chmodSync(dirname(machine.socket), 0o755);
  chmodSync(machine.socket, 0o666);
  const connected = await run(
    ...commandOf(asUser(OTHER_UID, [process.execPath, "-e", script, machine.socket])),
  );
  const challenge = /"challenge":"([0-9a-f]{32})"/.exec(connected.stdout)?.[1] ?? "";
  assert.notEqual(challenge, "");
  assert.deepEqual(
    readdirSync(join(dirname(machine.socket), "challenges")),
    [],
    "the secret is gone with its connection",
  );
  const guess = await rawCall(machine, "0".repeat(64));
  assert.equal(guess.say === "refused" && guess.code, "helper/wrong-peer");
  const told = await secretReadBy(machine, OTHER_UID);
  assert.notEqual(told.code, 0, "another user cannot read the secret");
  assert.equal((await secretReadBy(machine, AGENT_UID)).code, 0, "the agent's can");
});

/** Connects as root, who may, and says a wrong secret. */
async function rawCall(machine: HelpedMachine, secret: string): Promise<Reply> {
  const { link } = await connected(machine);
  await link.say({ secret });
  return link.hear(readReply);
}

async function connected(machine: HelpedMachine): Promise<{ link: Link; challenge: string }> {
  const { Link } = await import("../../../agent/helper-link/link.ts");
  const { readHello } = await import("../../../agent/helper-link/messages.ts");
  const socket = connect(machine.socket);
  await once(socket, "connect");
  const link = new Link(socket, { idle: 60, total: 60 });
  const { challenge } = await link.hear(readHello);
  return { link, challenge };
}

async function secretReadBy(machine: HelpedMachine, uid: number) {
  const { link, challenge } = await connected(machine);
  const path = join(dirname(machine.socket), "challenges", challenge);
  const read = await run(...commandOf(asUser(uid, ["cat", path])));
  link.close();
  return read;
}

test("silent, slow, endless and senseless peers are let go, and the agent is served all the same", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine } = attacked;
  server.release("1.2.0", program("1.2.0"));
  server.promote("1.2.0");
  const silent = Array.from({ length: 5 }, () => connect(machine.socket));
  for (const socket of silent) socket.on("error", () => undefined);
  t.after(() => silent.forEach((socket) => void socket.destroy()));

  const long = await callAsRoot(machine);
  await long.send(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  const answer = await long.hear(readReply);
  assert.equal(answer.say === "refused" && answer.code, "helper/bad-message");
  for (const senseless of [
    { do: "run", command: ["sh"] },
    { ...install("1.2.0"), path: "/etc/passwd" },
    { ...install("1.2.0"), version: "../1.2.0" },
    { ...install("1.2.0"), product: "../lantern" },
    { do: "restart", product: "lantern", command: ["reboot"] },
  ]) {
    const link = await callAsRoot(machine);
    await link.say(senseless);
    const refusal = await link.hear(readReply);
    assert.equal(refusal.say === "refused" && refusal.code, "helper/bad-message", JSON.stringify(senseless));
    link.close();
  }
  const restart = await callAsRoot(machine);
  await restart.say({ do: "restart", product: "lantern" });
  const none = await restart.hear(readReply);
  assert.equal(none.say === "refused" && none.code, "helper/no-service");

  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr + machine.helperOutput);
  assert.equal(machine.installed(), "1.2.0");
});

test("more bytes than were signed never reach the disk, and what breaks off leaves nothing there", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine } = attacked;
  const bytes = program("1.2.0", `# ${"x".repeat(300_000)}`);
  server.release("1.2.0", bytes);
  server.promote("1.2.0");
  await refreshed(attacked);
  const staged = () => readdirSync(machine.staging).filter((name) => name.startsWith("staged-"));
  for (const [announced, sent] of [
    [1e15, 1000],
    [bytes.length, 200_000],
  ] as const) {
    const link = await callAsRoot(machine);
    await link.say(install("1.2.0"));
    await giveMetadata(link, join(machine.home, "trust"));
    await link.say({ bytes: announced });
    await link.send(Buffer.alloc(sent, 120));
    if (sent === 200_000) {
      await waitUntil("the helper to write", () => (staged().length > 0 ? true : undefined));
      for (const name of staged()) assert.ok(statSync(join(machine.staging, name)).size <= bytes.length);
    }
    link.close();
    await waitUntil("the helper to clean up", () => (staged().length === 0 ? true : undefined));
  }
  assert.equal(machine.installed(), "1.1.0");
});

/** Answers what the helper asks for up to the artifact. */
async function giveMetadata(link: Link, trust: string): Promise<void> {
  const { findKept } = await import("../../../agent/formats/through-helper/kept-metadata.ts");
  for (;;) {
    const reply = await link.hear(readReply);
    if (reply.say === "artifact") return;
    if (reply.say !== "metadata" && reply.say !== "document") throw new Error(JSON.stringify(reply));
    const found = findKept(trust, reply.say, reply.path, reply.max);
    await link.say(found === undefined ? {} : { bytes: found.length });
    if (found !== undefined) await link.send(found);
  }
}

test("a helper that is killed while it installs leaves the old version or the new one, and the agent goes on from there", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const attacked = await attackedMachine(t);
  const { server, machine } = attacked;
  const bytes = program("1.2.0", `# ${"x".repeat(300_000)}`);
  server.release("1.2.0", bytes);
  server.promote("1.2.0");
  await refreshed(attacked);
  const link = await callAsRoot(machine);
  await link.say(install("1.2.0"));
  await giveMetadata(link, join(machine.home, "trust"));
  await link.say({ bytes: bytes.length });
  await link.send(bytes.subarray(0, 200_000));
  await machine.stopHelper("SIGKILL");
  assert.equal(machine.installed(), "1.1.0");
  const without = await machine.agent("update");
  assert.equal(without.code, 1);
  assert.match(without.stdout + without.stderr, /install\/helper-unreachable/);
  await machine.startHelper();
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr + machine.helperOutput);
  assert.equal(machine.installed(), "1.2.0");
});

test("a helper whose config, root or folders somebody else could change does not start", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { machine } = await attackedMachine(t);
  await machine.stopHelper("SIGTERM");
  assert.equal(existsSync(machine.socket), false);
  const config = join(machine.directory, "helper.yaml");
  const start = () =>
    machine.startHelper().then(
      () => "started",
      (error: Error) => /helper\/[\w-]+/.exec(error.message.slice(error.message.lastIndexOf("error[")))?.[0],
    );
  chmodSync(config, 0o666);
  assert.equal(await start(), "helper/untrusted-path");
  chmodSync(config, 0o644);
  chownSync(dirname(machine.executable), AGENT_UID, AGENT_UID);
  assert.equal(await start(), "helper/untrusted-path");
  chownSync(dirname(machine.executable), 0, 0);
  const copy = `${config}.copy`;
  copyFileSync(config, copy);
  rmSync(config);
  symlinkSync(copy, config);
  assert.equal(await start(), "helper/untrusted-path");
  rmSync(config);
  copyFileSync(copy, config);
  writeFileSync(config, `${readFileSync(config, "utf8")}commands: [sh]\n`);
  assert.equal(await start(), "helper/bad-config");
  copyFileSync(copy, config);
  assert.equal(await start(), "started");
});

function commandOf(argv: readonly string[]): [string, readonly string[]] {
  const [program = "", ...rest] = argv;
  return [program, rest];
}
