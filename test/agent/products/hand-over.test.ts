import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { cleanEnvironment, TOP } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { machineWithProducts } from "./machine-with-products.ts";

/** An echo service that says its version, and takes its connections along. */
function echo(version: string, file: string): string {
  return `#!${process.execPath}
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { agentHome, takeHandedOver, Updater } from ${JSON.stringify(join(TOP, "agent/index.ts"))};
if (process.argv[2] === "--version") { console.log("${version}"); process.exit(); }
const sessions = new Set();
const serve = (socket) => {
  sessions.add(socket);
  socket.on("close", () => sessions.delete(socket)).on("error", () => undefined);
  socket.on("data", (data) => socket.write("${version} " + data));
  socket.resume();
};
const taken = await takeHandedOver();
let server = createServer();
for (const { name, handle } of taken) name === "server" ? (server = handle) : serve(handle);
server.on("connection", serve);
const updater = await Updater.open({
  home: agentHome(undefined, process.env),
  self: "lantern",
  handOver: () => [...sessions].map((handle) => (handle.pause(), { name: "session", handle })).concat({ name: "server", handle: server }),
});
if (taken.length === 0) await new Promise((done) => server.listen(0, "127.0.0.1", done));
await updater.ready();
writeFileSync(${JSON.stringify(file)}, process.pid + " " + server.address().port + " ${version}");
updater.start();
`;
}

test("an open TCP session, and the socket that listens, go over to the new version of the program", async (t) => {
  let file = "";
  const { state, machine, path, notes } = await machineWithProducts(t, {}, (made, { directory }) => {
    file = join(directory, "up");
    return made.offer("lantern", "1.0.0", echo("1.0.0", file));
  });
  const installed = await machine.agent("update");
  assert.equal(installed.code, 0, installed.stdout);
  const program = spawn(path("lantern"), ["serve"], {
    env: cleanEnvironment({ FAIRLEAD_AGENT_HOME: machine.home }),
    stdio: ["ignore", "inherit", "inherit"],
  });
  machine.owns(program);
  const up = (version: string) =>
    waitUntil(`${version} to be up`, () => {
      const words = existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
      return words[2] === version ? { pid: Number(words[0]), port: Number(words[1]) } : undefined;
    });
  const first = await up("1.0.0");
  const session = connect(first.port, "127.0.0.1");
  t.after(() => session.destroy());
  const ask = async (words: string): Promise<string> => {
    session.write(words);
    return String((await once(session, "data"))[0]);
  };
  assert.equal(await ask("a"), "1.0.0 a");

  await state.offer("lantern", "1.1.0", echo("1.1.0", file));
  await state.commit("a new version");
  const second = await up("1.1.0");
  machine.owns(second.pid);
  assert.equal(await ask("b"), "1.1.0 b", "the session never broke");
  assert.deepEqual([second.port, second.pid === first.pid], [first.port, false]);
  const other = connect(second.port, "127.0.0.1");
  t.after(() => other.destroy());
  other.write("c");
  assert.equal(String((await once(other, "data"))[0]), "1.1.0 c", "and new ones are taken");
  await waitUntil("its notes", () => notes("lantern").journal === "idle" || undefined);
  assert.deepEqual([notes("lantern").last?.to, notes("lantern").last?.outcome], ["1.1.0", "confirmed"]);
});
