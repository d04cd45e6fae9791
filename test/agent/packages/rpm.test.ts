import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { sha256Hex } from "../../../protocol/digest.ts";
import { whyNoPrivateMachine } from "../../support/private-machine.ts";
import { AGENT, lacks, runOk } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { DNF_CONFIG, DnfRepository } from "./dnf-repository.ts";
import { lantern } from "./made-package.ts";
import { PackagedMachine } from "./packaged-machine.ts";
import { SigningKey } from "./signing-key.ts";

const skip = await whyNoPrivateMachine("rpm", "dnf", "rpmbuild", "createrepo_c", "gpg", "flock");

/** A machine that has lantern 1.0.0 from its vendor's repository, put there by an administrator. */
async function machineWithLantern(t: TestContext, options: { readonly gpgcheck?: boolean } = {}) {
  const repository = await DnfRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "rpm");
  const { machine } = packaged;
  await repository.addTo(machine, options);
  const file = await repository.build(lantern("1.0.0-1"));
  await machine.runOk("rpm", "-U", file);
  return { repository, packaged, machine, file };
}

async function registered({ machine }: PackagedMachine): Promise<string> {
  return (await machine.runOk("rpm", "-q", "lantern")).trim();
}

test("an rpm is installed and updated from its vendor's repository, and rolled back without it", {
  skip,
}, async (t) => {
  const repository = await DnfRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "rpm");
  await repository.addTo(packaged.machine);
  await repository.build(lantern("1.0.0-1"));
  await repository.publish();
  packaged.offer("1.0.0", { version: "1.0.0-1" });
  const first = await packaged.update();
  assert.equal(first.code, 0, first.stdout + first.stderr);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  const file = readFileSync(await repository.build(lantern("1:1.1.0-1")));
  await repository.publish();
  packaged.offer("1.1.0", {
    version: "1:1.1.0-1",
    file: { size: file.length, sha256: sha256Hex(file) },
  });
  const second = await packaged.update();
  assert.equal(second.code, 0, second.stdout + second.stderr);
  assert.equal(await packaged.says(), "lantern 1:1.1.0");
  repository.server.isDown = true;
  const back = await packaged.machine.agent("rollback");
  assert.equal(back.code, 0, back.stdout + back.stderr);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.match(await registered(packaged), /^lantern-1\.0\.0-1\.[a-z0-9_]+$/);
});

test("a new dependency makes an update of an rpm fail before anything changed", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1", { control: "Requires: oil >= 2\n" }));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const nowhere = await packaged.update();
  assert.match(nowhere.stderr, /install\/new-dependency/);
  const oil = await repository.build({ name: "oil", version: "2.0-1", files: { "/opt/oil/can": "full\n" } });
  await repository.publish();
  const beside = await packaged.update();
  assert.match(beside.stderr, /install\/new-dependency/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.equal((await machine.run("rpm", "-q", "oil")).code, 1, "nothing came along");
  await machine.runOk("rpm", "-U", oil);
  const helped = await packaged.update();
  assert.equal(helped.code, 0, helped.stdout + helped.stderr);
});

test("an rpm whose script fails after its files are there is put back", { skip }, async (t) => {
  const { repository, packaged } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1", { scripts: { "post -p <lua>": 'error("no database here")' } }));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const result = await packaged.update();
  assert.equal(result.code, 1);
  assert.match(result.stdout + result.stderr, /package-script-failed/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.match(await registered(packaged), /^lantern-1\.0\.0-1\.[a-z0-9_]+$/);
  assert.equal(packaged.status().last?.outcome, "rolled-back");
});

test("an rpm with other bytes than are signed, or of another list than its vendor's, is not installed", {
  skip,
}, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  const file = await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  const bytes = readFileSync(file);
  packaged.offer("1.1.0", {
    version: "1.1.0-1",
    file: { size: bytes.length, sha256: "0".repeat(64) },
  });
  assert.match((await packaged.update()).stderr, /install\/tampered/);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  packaged.offer("1.1.1", { version: "1.1.0-1" });
  assert.match((await packaged.update()).stderr, /install\/(?:tampered|network)/);
  rmSync(`${repository.folder}/repodata/repomd.xml.asc`);
  packaged.offer("1.1.2", { version: "1.1.0-1" });
  assert.match((await packaged.update()).stderr, /install\/(?:repository-untrusted|network)/);
  packaged.offer("1.1.3", { version: "1.1.0-1", repository: "elsewhere" });
  assert.match((await packaged.update()).stderr, /install\/repository-missing/);
  writeFileSync(machine.place("/etc/dnf/dnf.conf"), `${DNF_CONFIG}excludepkgs=lantern\n`);
  await repository.publish();
  packaged.offer("1.1.4", { version: "1.1.0-1" });
  assert.match((await packaged.update()).stderr, /install\/package-held/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
});

test("where the repository's packages must be signed, one that is not, or by somebody else, is not installed", {
  skip: skip === false ? await lacks("rpmsign") : skip,
}, async (t) => {
  const { repository, packaged, file } = await machineWithLantern(t, { gpgcheck: true });
  // The way back is fetched from there as well.
  await repository.sign(file);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const unsigned = await packaged.update();
  assert.match(unsigned.stderr, /install\/repository-untrusted/);
  const strange = await repository.build(lantern("1.2.0-1"));
  await repository.sign(strange, await SigningKey.make(t));
  await repository.publish();
  packaged.offer("1.2.0", { version: "1.2.0-1" });
  assert.match((await packaged.update()).stderr, /install\/repository-untrusted/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  await repository.sign(await repository.build(lantern("1.3.0-1")));
  await repository.publish();
  packaged.offer("1.3.0", { version: "1.3.0-1" });
  const signed = await packaged.update();
  assert.equal(signed.code, 0, signed.stdout + signed.stderr);
  assert.equal(await packaged.says(), "lantern 1.3.0");
});

test("an rpm is called whole once its files are on the disk for good", {
  skip: skip === false ? await lacks("strace") : skip,
}, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  packaged.configure("package_without_way_back: true");
  packaged.offerFile("1.1.0", "1.1.0-1", await repository.build(lantern("1.1.0-1")));
  const log = machine.place("/var/log/strace");
  const update = [process.execPath, AGENT, "update", "--home", machine.home];
  // The agent's own thread, and not rpm's.
  const updated = await machine.run(
    "strace",
    "-qq",
    "-y",
    "-e",
    "trace=fsync,unlink",
    "-o",
    "/var/log/strace",
    ...update,
  );
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  const calls = readFileSync(log, "utf8");
  assert.match(calls, /^fsync\(\d+<\/opt\/lantern\/lantern>\)[\s\S]*^unlink\(".*\/package-change"\)/m);
  assert.match(calls, /^fsync\(\d+<\/opt\/lantern>\)/m);
});

test("a dnf that somebody else runs is waited for, then left alone", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  repository.server.onAsked = async () => {
    begin();
    await released;
  };
  const other = machine.run("dnf", "--disablerepo=*", "--enablerepo=acme", "makecache");
  await begun;
  const locked = await packaged.update();
  assert.match(locked.stderr, /install\/packages-locked[\s\S]*already locked by \d+/);
  assert.deepEqual([await packaged.says(), packaged.status().blocked], ["lantern 1.0.0", []]);
  release();
  // It has waited for the repository for so long that it may have given up.
  await other;
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
});

test("an rpm that somebody else runs is waited for", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  const hold = machine.place("/var/log/hold");
  const reached = machine.place("/var/log/reached");
  writeFileSync(hold, "");
  const script =
    'io.open("/var/log/reached", "w"):close()\nwhile posix.access("/var/log/hold") do posix.sleep(1) end';
  const other = { name: "oil", version: "2.0-1", files: { "/opt/oil/can": "full\n" } };
  const slow = await repository.build({ ...other, scripts: { "pre -p <lua>": script } });
  const file = await repository.build(lantern("1.1.0-1"));
  packaged.offerFile("1.1.0", "1.1.0-1", file);
  packaged.configure("package_without_way_back: true");
  const busy = machine.run("rpm", "-U", slow);
  await waitUntil("the other rpm to have begun", () => existsSync(reached) || undefined);
  const update = packaged.update();
  setTimeout(() => rmSync(hold), 3000);
  const updated = await update;
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal((await busy).code, 0);
  assert.equal(await packaged.says(), "lantern 1.1.0");
});

test("where yum is the only front end, and is dnf under its old name, it is used", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  const dnf = realpathSync((await runOk("sh", ["-c", "command -v dnf"])).trim());
  copyFileSync(dnf, machine.place("/usr/local/sbin/yum"));
  machine.lacks.push(dnf);
  assert.notEqual((await machine.run("sh", "-c", "command -v dnf")).code, 0);
  await repository.build(lantern("1:1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1:1.1.0-1" });
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await packaged.says(), "lantern 1:1.1.0");
});
