import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openDeviceSigner, readDevice } from "../../../agent/config/device-key.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { AgentMachine } from "../../support/agent-machine.ts";
import { fairleadAgent } from "../../support/run-command.ts";
import { enrolByToken, fleetMachine, newMachine, openAgent, readHome, TOKEN } from "./fleet-machine.ts";

test("a token enrols the machine where the controller says, and it checks in from then on", async (t) => {
  const made = await newMachine(t);
  const { controller, machine } = made;
  const key = "ab".repeat(32);
  controller.placement = { tenant: { name: "acme", key }, site: "berlin", labels: { ring: "canary" } };
  const { code, stdout } = await enrolByToken(made);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^tenant acme, site berlin, ring=canary$/m);
  const { config, device } = await openAgent(made);
  assert.deepEqual(
    [config.tenant, config.site, config.labels, config.checkIn],
    [{ name: "acme", key }, "berlin", { ring: "canary" }, true],
  );
  const [known] = controller.devices.values();
  assert.deepEqual([known?.id, known?.keys], [device.id, [device.publicKey]]);
  const status = await machine.agent("status");
  assert.match(status.stdout, /^enrolled {3}tenant acme, site berlin, ring=canary$/m);
  assert.match(status.stdout, /^check-in {3}never$/m);
});

test("an enrolment whose answer is lost is none, and the next one uses up nothing more of the token", async (t) => {
  const made = await newMachine(t);
  const { controller, machine } = made;
  controller.loseAnswerOf = "enrolments";
  const lost = await enrolByToken(made);
  assert.equal(lost.code, 1);
  assert.match(lost.stderr, /error\[fetch\/connection-failed\]/);
  assert.ok(!existsSync(join(machine.home, "config.yaml")));
  assert.ok(!existsSync(join(machine.home, "trust", "root.json")));
  assert.equal(controller.tokens.get(TOKEN), 1, "it was taken in");
  controller.loseAnswerOf = undefined;
  assert.equal((await enrolByToken(made)).code, 0);
  assert.deepEqual([controller.tokens.get(TOKEN), controller.devices.size], [1, 1]);

  const before = readFileSync(join(machine.home, "device-key.json"), "utf8");
  const again = await enrolByToken(made);
  assert.match(again.stdout, /config\/already-enrolled/);
  assert.equal((await enrolByToken(made, TOKEN, "--force")).code, 0);
  assert.equal(readFileSync(join(machine.home, "device-key.json"), "utf8"), before);
  assert.deepEqual([controller.tokens.get(TOKEN), controller.devices.size], [1, 1]);
});

test("a token that is unknown or used up is refused in words that say what to do, and an earlier enrolment holds", async (t) => {
  const made = await newMachine(t);
  const { controller, machine } = made;
  const unknown = await enrolByToken(made, "flt_wrong");
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.stderr,
    /^error\[report\/bad-token\]: the controller says `fleet\/unknown-token`.*\n {2}= help: ask the operator for a new one/,
  );
  assert.equal((await enrolByToken(made)).code, 0);
  const config = readFileSync(join(machine.home, "config.yaml"), "utf8");

  const other = await AgentMachine.create(t);
  const usedUp = await enrolByToken({ ...made, machine: other });
  assert.match(usedUp.stderr, /report\/bad-token.*token-used-up/);
  assert.ok(!existsSync(join(other.home, "config.yaml")));

  controller.refusal = { status: 503, code: "fleet/busy", retryAfter: 30 };
  assert.match((await enrolByToken(made, "flt_other", "--force")).stderr, /report\/unavailable/);
  assert.equal(readFileSync(join(machine.home, "config.yaml"), "utf8"), config);
});

test("an answer to the enrolment that the online key did not sign is not believed", async (t) => {
  const made = await newMachine(t);
  made.server.repository.signers.timestamp = [];
  const { code, stderr } = await enrolByToken(made);
  assert.equal(code, 1);
  assert.match(stderr, /^error\[report\/unsigned\]/);
  assert.ok(!existsSync(join(made.machine.home, "config.yaml")));
});

test("the token comes from the environment too, and says alone where the device belongs", async (t) => {
  const made = await newMachine(t);
  const { server, machine, controller } = made;
  const args = [
    ...["enroll", "--server", server.url, "--product", "lantern", "--install-path", machine.executable],
    ...["--root-sha256", server.rootSha256, "--home", machine.home],
  ];
  const both = await fairleadAgent([...args, "--site", "berlin"], {
    env: { FAIRLEAD_ENROLMENT_TOKEN: TOKEN },
  });
  assert.equal(both.code, 2);
  assert.match(both.stderr, /usage\/conflicting-options.*--token and --site/);
  const none = await fairleadAgent([...args, "--token-file", join(machine.directory, "nothing")]);
  assert.match(none.stderr, /usage\/bad-value.*--token-file/);
  const quiet = await fairleadAgent([...args, "--no-check-in"], { env: { FAIRLEAD_ENROLMENT_TOKEN: TOKEN } });
  assert.equal(quiet.code, 0, quiet.stdout);
  assert.equal(controller.devices.size, 1);
  const agent = await openAgent(made);
  assert.equal(agent.config.checkIn, false);
  await agent.product().update(true);
  assert.equal(await agent.checkIn(0), undefined);
  assert.ok(!existsSync(join(machine.home, "spool")), "nothing is kept for nobody");
});

test("a person's token for the API is not taken for one that enrols", async (t) => {
  const { server, machine, controller } = await newMachine(t);
  const enrolled = await fairleadAgent(
    [
      ...["enroll", "--server", server.url, "--product", "lantern", "--install-path", machine.executable],
      ...["--root-sha256", server.rootSha256, "--home", machine.home],
      ...["--tenant", "acme", "--tenant-key", "0".repeat(64)],
    ],
    { env: { FAIRLEAD_TOKEN: "flp_of-a-person" } },
  );
  assert.equal(enrolled.code, 0, enrolled.stdout + enrolled.stderr);
  assert.equal(controller.devices.size, 0, "nothing was sent");
});

test("a key file of format 1 keeps its id and stays as it is until the key is replaced", async (t) => {
  const made = await fleetMachine(t);
  const { machine, controller } = made;
  const home = agentHome(machine.home, {});
  const { id, privateKey, publicKey } = readHome(made, "device-key.json");
  const first = `${JSON.stringify({ format: 1, type: "ed25519", privateKey, publicKey })}\n`;
  writeFileSync(home.deviceKey, first);
  assert.equal(readDevice(home).id, id);
  const agent = await openAgent(made);
  await agent.checkIn(0);
  assert.equal(readFileSync(home.deviceKey, "utf8"), first, "an older agent can still read it");
  const known = controller.devices.get(String(id));
  assert.ok(known !== undefined);
  known.isCopied = true;
  await agent.checkIn(0);
  assert.equal(known.keys.length, 2);
  const after = readHome(made, "device-key.json");
  assert.deepEqual([after.format, after.id], [2, id]);
  assert.notEqual(after.publicKey, publicKey);
  assert.equal(openDeviceSigner(home).publicKey, known.keys[1]);
});

test("a key file of a newer format is refused by its number, and nothing is written over it", async (t) => {
  const made = await fleetMachine(t);
  const { machine } = made;
  const path = join(machine.home, "device-key.json");
  const newer = JSON.stringify({ ...readHome(made, "device-key.json"), format: 3, twin: true });
  writeFileSync(path, newer);
  const { code, stdout } = await machine.agent("update");
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^error\[config\/newer-device-key\]: .* is a device key of format 3\n {2}= help: .*update it/,
  );
  assert.match((await enrolByToken(made, TOKEN, "--force")).stdout, /config\/newer-device-key/);
  assert.equal(readFileSync(path, "utf8"), newer);
});

test("a machine whose private key is damaged goes on updating, and says why it does not report", async (t) => {
  const made = await fleetMachine(t);
  const { machine, server } = made;
  const { privateKey: other } = generateKeyPairSync("ed25519");
  const path = join(machine.home, "device-key.json");
  const file = { ...readHome(made, "device-key.json"), privateKey: other.export({ format: "jwk" }).d };
  writeFileSync(path, JSON.stringify(file));
  server.release("1.1.0", Buffer.from('#!/bin/sh\necho "lantern 1.1.0"\n'));
  server.promote("1.1.0");
  const { code, stderr } = await machine.agent("update");
  assert.equal(code, 0);
  assert.match(stderr, /not-reported.*config\/bad-device-key/);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.match((await machine.agent("status")).stdout, /^reports {4}1 waiting$/m);
});
