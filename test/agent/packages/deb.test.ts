import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { sha256Hex } from "../../../protocol/digest.ts";
import { type PrivateMachine, whyNoPrivateMachine } from "../../support/private-machine.ts";
import { run } from "../../support/run-command.ts";
import { AptRepository } from "./apt-repository.ts";
import { lantern } from "./made-package.ts";
import { PackagedMachine } from "./packaged-machine.ts";

const skip = await whyNoPrivateMachine("apt-get", "dpkg-deb", "apt-ftparchive", "gpg", "flock", "python3");

/** A machine that has lantern 1.0.0 from its vendor's repository, put there by an administrator. */
async function machineWithLantern(
  t: TestContext,
  settings: readonly string[] = [],
  prepare?: (machine: PrivateMachine) => Promise<void>,
) {
  const repository = await AptRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "deb", settings, prepare);
  const { machine } = packaged;
  await repository.addTo(machine);
  const file = await repository.build(lantern("1.0.0-1"));
  await machine.runOk("dpkg", "-i", file);
  return { repository, packaged, machine, file };
}

type Made = Awaited<ReturnType<typeof machineWithLantern>>;

async function isWhole({ machine }: PackagedMachine): Promise<boolean> {
  const status = await machine.runOk("dpkg-query", "-W", "-f=$" + "{db:Status-Abbrev}", "lantern");
  return status.trim() === "ii" && (await machine.runOk("dpkg", "--audit")) === "";
}

test("a package is installed and updated from its vendor's repository, and rolled back without it", {
  skip,
}, async (t) => {
  const repository = await AptRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "deb");
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
  assert.equal(packaged.status().previous?.id, "1.0.0-1");
  // The one to go back to, and the one that a later update goes back to.
  const kept = ["previous-1.0.0-1", "previous-1:1.1.0-1"].flatMap((name) => [name, `${name}.sha256`]);
  assert.deepEqual(packaged.staged(), kept);

  repository.server.isDown = true;
  const back = await packaged.machine.agent("rollback");
  assert.equal(back.code, 0, back.stdout + back.stderr);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.ok(await isWhole(packaged));
});

test("a new dependency makes an update fail before anything changed, and waits for a person", {
  skip,
}, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1", { control: "Depends: oil (>= 2)\n" }));
  const oil = await repository.build({ name: "oil", version: "2.0", files: { "/opt/oil/can": "full\n" } });
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const refused = await packaged.update();
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /install\/new-dependency/);
  assert.match(refused.stderr, /oil/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.ok(await isWhole(packaged));
  assert.equal((await machine.run("dpkg-query", "-W", "oil")).code, 1, "nothing came along");
  assert.equal(packaged.status().blocked[0]?.waitsForPerson, true);

  await machine.runOk("dpkg", "-i", oil);
  const helped = await packaged.update();
  assert.equal(helped.code, 0, helped.stdout + helped.stderr);
  assert.equal(await packaged.says(), "lantern 1.1.0");
});

test("a hosted package is downloaded from the update server; a new dependency is seen before dpkg begins", {
  skip,
}, async (t) => {
  const { repository, packaged, file } = await machineWithLantern(t);
  await repository.publish();
  // What an administrator installed by hand is a signed build: its file comes from the update server too.
  packaged.offerFile("1.0.0", "1.0.0-1", file);
  const needy = await repository.build(lantern("1.1.0-1", { control: "Depends: oil (>= 2)\n" }));
  packaged.offerFile("1.1.0", "1.1.0-1", needy);
  const refused = await packaged.update();
  assert.match(refused.stderr, /install\/new-dependency/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.ok(await isWhole(packaged));
  const foreign = await repository.build(lantern("1.2.0-1", { architecture: "s390x" }));
  packaged.offerFile("1.2.0", "1.2.0-1", foreign);
  assert.match((await packaged.update()).stderr, /install\/wrong-arch/);
  const misnamed = await repository.build({ ...lantern("1.3.0-1"), name: "lamp" });
  packaged.offerFile("1.3.0", "1.3.0-1", misnamed);
  assert.match((await packaged.update()).stderr, /install\/wrong-package/);
  packaged.offerFile("1.4.0", "1.4.0-1", await repository.build(lantern("1.4.0-2")));
  assert.match((await packaged.update()).stderr, /install\/wrong-version/);
  assert.ok(await isWhole(packaged));
  const good = await repository.build(lantern("1.5.0-1"));
  packaged.offerFile("1.5.0", "1.5.0-1", good);
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await packaged.says(), "lantern 1.5.0");
});

test("bytes that are not the signed ones are not installed, whoever signed the repository", {
  skip,
}, async (t) => {
  const { repository, packaged } = await machineWithLantern(t);
  const file = await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  const bytes = readFileSync(file);
  const wrong = { size: bytes.length, sha256: "0".repeat(64) };
  packaged.offer("1.1.0", { version: "1.1.0-1", file: wrong });
  const refused = await packaged.update();
  assert.match(refused.stderr, /install\/tampered/);
  assert.match(refused.stderr, /release signs/);
  bytes[bytes.length - 1] = 1;
  writeFileSync(file, bytes);
  packaged.offer("1.1.1", { version: "1.1.0-1" });
  assert.match((await packaged.update()).stderr, /install\/tampered/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.deepEqual(packaged.status().blocked, [], "it may well be the network");
});

test("an administrator's hold and pin are respected, and said", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  await machine.runOk("sh", "-c", "echo lantern hold | dpkg --set-selections");
  const held = await packaged.update();
  assert.match(held.stderr, /install\/package-held/);
  await machine.runOk("sh", "-c", "echo lantern install | dpkg --set-selections");
  const preferences = machine.place("/etc/apt/preferences.d/lantern");
  writeFileSync(preferences, "Package: lantern\nPin: version 1.1.0-1\nPin-Priority: -1\n");
  assert.match((await packaged.update()).stderr, /install\/package-held/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  rmSync(preferences);
  assert.equal((await packaged.update()).code, 0);
});

test("a package manager that somebody else uses is waited for, then left alone", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const update = [process.execPath, "agent/main.ts", "update", "--home", machine.home];
  const holding = `import fcntl, subprocess, sys
lock = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
sys.exit(subprocess.call(sys.argv[1:]))`;
  const locked = await machine.run("python3", "-c", holding, ...update);
  assert.match(locked.stderr, /install\/packages-locked/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.deepEqual(packaged.status().blocked, []);
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
});

test("a package whose own script fails is put back, and what it said is kept", { skip }, async (t) => {
  const { repository, packaged } = await machineWithLantern(t);
  await repository.build(
    lantern("1.1.0-1", { scripts: { postinst: "#!/bin/sh\necho no database here >&2\nexit 3\n" } }),
  );
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const result = await packaged.update();
  assert.equal(result.code, 1);
  assert.match(result.stdout + result.stderr, /package-script-failed/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  assert.ok(await isWhole(packaged));
  assert.equal(packaged.status().last?.outcome, "rolled-back");
  assert.equal(packaged.status().journal, "idle");
});

test("what an administrator configured stays, and nobody is asked", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  const withConfig = (version: string, text: string) =>
    lantern(version, {
      files: { "/opt/lantern/lantern.conf": text },
      scripts: { conffiles: "/opt/lantern/lantern.conf\n" },
    });
  await machine.runOk("dpkg", "-i", await repository.build(withConfig("1.0.0-1", "wick=1\n")));
  const file = machine.place("/opt/lantern/lantern.conf");
  writeFileSync(file, "wick=7\n");
  await repository.build(withConfig("1.1.0-1", "wick=2\n"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(readFileSync(file, "utf8"), "wick=7\n");
});

test("without a file to go back to nothing is changed, unless the config says so", { skip }, async (t) => {
  const { repository, packaged, file } = await machineWithLantern(t);
  rmSync(file);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const refused = await packaged.update();
  assert.match(refused.stderr, /install\/no-way-back/);
  assert.equal(await packaged.says(), "lantern 1.0.0");
  packaged.configure("package_without_way_back: true");
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await packaged.says(), "lantern 1.1.0");
});

test("a package that a person removes in the middle of an update is not put back behind their back", {
  skip,
}, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  let removed = false;
  repository.server.onAsked = async (path) => {
    if (!path.includes("1.1.0") || removed) return;
    removed = true;
    await machine.runOk("dpkg", "--remove", "lantern");
  };
  const result = await packaged.update();
  assert.match(result.stderr, /install\/replaced/);
  assert.equal(await packaged.says().catch(() => "nothing"), "nothing");
});

test("a repository that is not there, or that nobody trusts, is said", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  packaged.offer("1.1.0", { version: "1.1.0-1", repository: "elsewhere" });
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  assert.match((await packaged.update()).stderr, /install\/repository-missing/);
  // This machine calls it by another name.
  packaged.configure("package_repository: acme");
  const stranger = await AptRepository.create(t);
  rmSync(machine.place("/etc/apt/keyrings/acme.asc"));
  await stranger.publicKey(machine.place("/etc/apt/keyrings/acme.asc"));
  assert.match((await packaged.update()).stderr, /install\/repository-untrusted/);
  await repository.publicKey(machine.place("/etc/apt/keyrings/acme.asc"));
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
});

test("where systemd runs, dpkg gets a scope of its own and units are read anew", { skip }, async (t) => {
  const { repository, packaged, machine } = await machineWithLantern(t);
  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  mkdirSync(machine.place("/run/systemd/system"), { recursive: true });
  const said = machine.place("/var/log/said");
  const script = 'echo "$(basename "$0") $*" >>/var/log/said\n';
  for (const [name, rest] of [
    ["systemd-run", 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"\n'],
    ["systemctl", ""],
  ] as const) {
    writeFileSync(machine.place(`/usr/local/sbin/${name}`), `#!/bin/sh\n${script}${rest}`, { mode: 0o755 });
  }
  const updated = await packaged.update();
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  const lines = readFileSync(said, "utf8").trim().split("\n");
  assert.match(lines[0] ?? "", /^systemd-run --scope .* dpkg --force-confold --install /);
  assert.deepEqual(lines.slice(1), ["systemctl daemon-reload"]);
});

/** The machine's /opt on a file system of its own. */
async function onSmallDisk(t: TestContext, work: (disk: string, made: Made) => Promise<void>): Promise<void> {
  let disk = "";
  let isMounted = false;
  try {
    const made = await machineWithLantern(t, [], async (machine) => {
      disk = machine.place("/opt");
      isMounted = (await run("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", disk])).code === 0;
    });
    if (isMounted) await work(disk, made);
    else t.skip("this test mounts a small tmpfs, which is not allowed here");
  } finally {
    if (isMounted) await run("umount", ["--lazy", disk]);
  }
}

const BULK = { "/opt/lantern/bulk": "x".repeat(3 << 20) };

test(
  "a package that does not fit is refused before dpkg begins, blocks nothing, and is taken once there is room",
  {
    skip,
  },
  (t) =>
    onSmallDisk(t, async (disk, { repository, packaged }) => {
      await repository.build(lantern("1.1.0-1", { files: BULK }));
      await repository.publish();
      packaged.offer("1.1.0", { version: "1.1.0-1" });
      writeFileSync(`${disk}/others`, Buffer.alloc(6 << 20));
      const refused = await packaged.update();
      assert.match(refused.stderr, /error\[install\/disk-full\]/);
      assert.equal(await packaged.says(), "lantern 1.0.0");
      assert.ok(await isWhole(packaged));
      assert.deepEqual([packaged.status().blocked, packaged.status().journal], [[], "idle"]);
      rmSync(`${disk}/others`);
      const taken = await packaged.update();
      assert.equal(taken.code, 0, taken.stdout + taken.stderr);
      assert.equal(await packaged.says(), "lantern 1.1.0");
    }),
);

test(
  "a disk that others fill while dpkg unpacks takes the package back, and speaks not against it",
  {
    skip,
  },
  (t) =>
    onSmallDisk(t, async (disk, { repository, packaged, machine }) => {
      const fill =
        "[ -e /opt/fill ] && dd if=/dev/zero of=/opt/others bs=64k 2>/dev/null; rm -f /opt/fill; exit 0";
      await repository.build(
        lantern("1.1.0-1", { files: BULK, scripts: { preinst: `#!/bin/sh\n${fill}\n` } }),
      );
      await repository.publish();
      packaged.offer("1.1.0", { version: "1.1.0-1" });
      writeFileSync(`${disk}/fill`, "");
      const failed = await packaged.update();
      assert.match(failed.stdout + failed.stderr, /install\/disk-full/);
      rmSync(`${disk}/others`);
      const resumed = await machine.agent("resume");
      assert.ok(await isWhole(packaged), resumed.stdout + resumed.stderr);
      assert.equal(await packaged.says(), "lantern 1.0.0");
      const { blocked, journal, last } = packaged.status();
      assert.deepEqual([journal, last?.outcome], ["idle", "rolled-back"]);
      assert.deepEqual([blocked[0]?.waitsForMachine, blocked[0]?.failedAt], [true, undefined]);
      const taken = await packaged.update();
      assert.equal(taken.code, 0, taken.stdout + taken.stderr);
      assert.equal(await packaged.says(), "lantern 1.1.0");
    }),
);
