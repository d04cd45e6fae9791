import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { callHelper } from "../../../agent/formats/through-helper/call-helper.ts";
import { InstallError } from "../../../agent/installation/install-error.ts";
import { sha256Hex } from "../../../protocol/digest.ts";
import { whyNoPrivateMachine } from "../../support/private-machine.ts";
import { killAndWait, run } from "../../support/run-command.ts";
import { whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { AptRepository } from "../packages/apt-repository.ts";
import { DnfRepository } from "../packages/dnf-repository.ts";
import { lantern, PROGRAM } from "../packages/made-package.ts";
import { whyNoHelper } from "./helped-machine.ts";
import { HelpedPackages } from "./helped-packages.ts";

const APT = ["apt-get", "dpkg-deb", "apt-ftparchive", "gpg", "flock", "python3"];
const DNF = ["rpm", "dnf", "rpmbuild", "createrepo_c", "gpg", "flock"];
const noHelper = await whyNoHelper();
const skipDeb = noHelper ?? (await whyNoPrivateMachine(...APT));
const skipRpm = noHelper ?? (await whyNoPrivateMachine(...DNF));

/** A machine on which an administrator has put lantern 1.0.0 with dpkg. */
async function machineWithDeb(t: TestContext) {
  const repository = await AptRepository.create(t);
  const helped = await HelpedPackages.create(t, "deb");
  await repository.addTo(helped.machine);
  const file = await repository.build(lantern("1.0.0-1"));
  await helped.machine.runOk("dpkg", "-i", file);
  await helped.enroll();
  return { repository, helped, file };
}

test("an agent without rights has a package installed by dpkg through the helper: hosted, from its vendor's repository, and back", {
  skip: skipDeb,
}, async (t) => {
  const { repository, helped, file } = await machineWithDeb(t);
  // What the administrator installed is a signed build: its file comes from the update server, by way of the agent.
  helped.offerFile("1.0.0", "1.0.0-1", file);
  // Not all of it is for the agent's user to read.
  const secretive = lantern("1.1.0-1", {
    files: { "/opt/lantern/own/key": "secret\n" },
    scripts: { postinst: "#!/bin/sh\nchmod 700 /opt/lantern/own\n" },
  });
  helped.offerFile("1.1.0", "1.1.0-1", await repository.build(secretive));
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.1.0");
  assert.equal(statSync(helped.machine.place(PROGRAM)).uid, 0);
  const kept = readdirSync(join(helped.state, "lantern.staging")).filter((name) =>
    name.startsWith("previous-"),
  );
  const whole = ["1.0.0-1", "1.1.0-1"].flatMap((version) => [
    `previous-${version}`,
    `previous-${version}.sha256`,
  ]);
  assert.deepEqual(kept.sort(), whole);

  const next = readFileSync(await repository.build(lantern("1:1.2.0-1")));
  await repository.publish();
  const downloads = helped.server.downloads.length;
  helped.offer("1.2.0", { version: "1:1.2.0-1", file: { size: next.length, sha256: sha256Hex(next) } });
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1:1.2.0");
  assert.equal(helped.server.downloads.length, downloads, "what the helper has kept is not fetched again");

  repository.server.isDown = true;
  const back = await helped.agent("rollback");
  assert.equal(back.code, 0, back.stdout + back.stderr + helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.1.0");
  assert.equal(await helped.machine.runOk("dpkg", "--audit"), "");
});

test("a package that the release signs no digest of is refused by the helper, and so is one without a way back", {
  skip: skipDeb,
}, async (t) => {
  const { repository, helped } = await machineWithDeb(t);
  const bytes = readFileSync(await repository.build(lantern("1.1.0-1")));
  await repository.publish();
  helped.offer("1.1.0", { version: "1.1.0-1" });
  assert.match(await helped.update(), /install\/helper-refused[\s\S]*helper\/no-digest/);
  assert.equal(await helped.says(), "lantern 1.0.0");
  // The installed 1.0.0-1 is in nobody's repository any more.
  for (const name of readdirSync(join(repository.folder, "pool"))) {
    if (name.includes("1.0.0")) writeFileSync(join(repository.folder, "pool", name), "");
  }
  const wanted = { size: bytes.length, sha256: sha256Hex(bytes) };
  helped.offer("1.1.1", { version: "1.1.0-1", file: wanted });
  assert.match(await helped.update(), /install\/no-way-back/);
  assert.equal(await helped.says(), "lantern 1.0.0");
});

test("whoever has the agent's user gets nothing else installed by dpkg: other bytes, packages, dependencies, removals", {
  skip: skipDeb,
}, async (t) => {
  const { repository, helped, file } = await machineWithDeb(t);
  const oil = await repository.build({ name: "oil", version: "2.0", files: { "/opt/oil/can": "full\n" } });
  await helped.machine.runOk("dpkg", "-i", oil);
  const other = await repository.build({ ...lantern("1.1.0-1"), name: "lamp" });
  const needy = await repository.build(lantern("1.2.0-1", { control: "Depends: wick (>= 2)\n" }));
  const greedy = await repository.build(
    lantern("1.3.0-1", { control: "Conflicts: oil\nReplaces: oil\nProvides: oil\n" }),
  );
  const good = await repository.build(lantern("1.5.0-1"));
  helped.offerFile("1.0.0", "1.0.0-1", file);
  helped.offerFile("1.1.0", "1.1.0-1", other);
  helped.offerFile("1.2.0", "1.2.0-1", needy);
  helped.offerFile("1.3.0", "1.3.0-1", greedy);
  helped.offerFile("1.4.0", "1.4.0-1", await repository.build(lantern("1.4.0-9")));
  helped.offerFile("1.5.0", "1.5.0-1", good);
  await helped.agent("update", "--check");
  const ask = async (version: string, artifact: string): Promise<string> => {
    const helper = {
      ...{ socket: helped.socket, product: "lantern", staging: "" },
      metadata: join(helped.machine.home, "trust"),
    };
    try {
      const handed = { artifact, previousOf: () => file };
      await callHelper(helper, { do: "install", product: "lantern", version, origin: "download" }, handed);
      return "done";
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      return error.code;
    }
  };
  const evil = join(helped.machine.directory, "evil.deb");
  const bytes = readFileSync(good);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(evil, bytes);
  const answers = [];
  for (const [version, artifact] of [
    ["1.5.0", evil],
    ["1.5.0", oil],
    ["1.1.0", other],
    ["1.2.0", needy],
    ["1.3.0", greedy],
    [
      "1.4.0",
      join(
        repository.folder,
        "pool",
        readdirSync(join(repository.folder, "pool")).find((name) => name.includes("1.4.0")) ?? "",
      ),
    ],
  ] as const) {
    answers.push(await ask(version, artifact));
  }
  assert.deepEqual(answers, [
    "install/tampered",
    "install/tampered",
    "install/wrong-package",
    "install/new-dependency",
    "install/package-conflict",
    "install/wrong-version",
  ]);
  await helped.machine.runOk("sh", "-c", "echo lantern hold | dpkg --set-selections");
  assert.equal(await ask("1.5.0", good), "install/package-held");
  await helped.machine.runOk("sh", "-c", "echo lantern install | dpkg --set-selections");
  assert.equal(await helped.says(), "lantern 1.0.0");
  await helped.machine.runOk("dpkg-query", "-W", "oil");
  assert.equal(await helped.machine.runOk("dpkg", "--audit"), "");
  assert.equal(await ask("1.5.0", good), "done");
  assert.equal(await helped.says(), "lantern 1.5.0");
});

test("neither the helper nor dpkg opens anything of the agent's, and neither of them fetches a thing", {
  skip: skipDeb,
}, async (t) => {
  const untraced = await whyNoStrace();
  if (untraced !== undefined) return t.skip(untraced);
  const { repository, helped, file } = await machineWithDeb(t);
  helped.offerFile("1.0.0", "1.0.0-1", file);
  helped.offerFile("1.1.0", "1.1.0-1", await repository.build(lantern("1.1.0-1")));
  const trace = join(helped.machine.directory, "trace");
  const strace = spawn(
    "strace",
    ["-f", "-e", "trace=%file,connect", "-o", trace, "-p", String(helped.helperPid)],
    { stdio: "ignore" },
  );
  await waitUntil("strace to hold the helper", () => (existsSync(trace) ? true : undefined));
  await sleep(500);
  const update = await helped.update();
  await killAndWait(strace, "SIGINT");
  assert.equal(update, "updated", helped.helperOutput);
  const traced = readFileSync(trace, "utf8");
  assert.match(
    traced,
    /execve\("\/usr\/bin\/dpkg", \["dpkg", "--force-confold", "--install"/,
    "what it runs is seen",
  );
  assert.ok(!traced.includes(helped.machine.home), "nothing below the agent's home");
  assert.doesNotMatch(traced, /connect\(.*AF_INET/, "and the network is not asked");
});

test("a helper that is killed while dpkg runs a script leaves a package that nobody takes for whole, and it is put right", {
  skip: skipDeb,
}, async (t) => {
  const { repository, helped, file } = await machineWithDeb(t);
  const gate = join(helped.machine.directory, "gate");
  const postinst = `#!/bin/sh\ntouch ${gate}.begun\nwhile [ ! -e ${gate} ]; do sleep 0.1; done\n[ ! -e ${gate}.bad ]\n`;
  helped.offerFile("1.0.0", "1.0.0-1", file);
  helped.offerFile("1.1.0", "1.1.0-1", await repository.build(lantern("1.1.0-1", { scripts: { postinst } })));
  const update = helped.update();
  await waitUntil("the script to run", () => (existsSync(`${gate}.begun`) ? true : undefined));
  await helped.stopHelper("SIGKILL");
  assert.notEqual(await update, "updated");
  // dpkg has outlived the helper, and its script fails now.
  writeFileSync(`${gate}.bad`, "");
  writeFileSync(gate, "");
  await helped.startHelper();
  const resumed = await helped.agent("resume");
  assert.equal(await helped.says(), "lantern 1.0.0", resumed.stdout + resumed.stderr + helped.helperOutput);
  assert.equal(await helped.machine.runOk("dpkg", "--audit"), "");
  const good = await repository.build(lantern("1.2.0-1"));
  helped.offerFile("1.2.0", "1.2.0-1", good);
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.2.0");
});

test("an rpm is installed and put back by rpm through the helper, and one whose script fails does not stay", {
  skip: skipRpm,
}, async (t) => {
  const repository = await DnfRepository.create(t);
  const helped = await HelpedPackages.create(t, "rpm");
  await repository.addTo(helped.machine);
  const file = await repository.build(lantern("1.0.0-1"));
  await helped.machine.runOk("rpm", "-U", file);
  await helped.enroll();
  helped.offerFile("1.0.0", "1.0.0-1", file);
  helped.offerFile("1.1.0", "1.1.0-1", await repository.build(lantern("1.1.0-1")));
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.1.0");

  const failing = lantern("1.2.0-1", { scripts: { "post -p <lua>": 'error("no database here")' } });
  helped.offerFile("1.2.0", "1.2.0-1", await repository.build(failing));
  assert.match(await helped.update(), /package-script-failed/);
  assert.equal(await helped.says(), "lantern 1.1.0");
  helped.offerFile(
    "1.3.0",
    "1.3.0-1",
    await repository.build(lantern("1.3.0-1", { control: "Requires: oil >= 2\n" })),
  );
  assert.match(await helped.update(), /new-dependency/);

  const back = await helped.agent("rollback");
  assert.equal(back.code, 0, back.stdout + back.stderr + helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.0.0");
  assert.match(await helped.machine.runOk("rpm", "-q", "lantern"), /^lantern-1\.0\.0-1/);
});

test("an agent without rights fetches an rpm from its vendor's signed repository, and the helper installs it", {
  skip: skipRpm,
}, async (t) => {
  if ((await run("dnf", ["download", "--help"])).code !== 0)
    return t.skip("dnf-plugins-core is not installed");
  const repository = await DnfRepository.create(t);
  const helped = await HelpedPackages.create(t, "rpm");
  await repository.addTo(helped.machine);
  const file = await repository.build(lantern("1.0.0-1"));
  await helped.machine.runOk("rpm", "-U", file);
  await helped.enroll();
  helped.offerFile("1.0.0", "1.0.0-1", file);
  const offer = async (version: string, more: Parameters<typeof lantern>[1] = {}): Promise<void> => {
    const bytes = readFileSync(await repository.build(lantern(`${version}-1`, more)));
    await repository.publish();
    const signed = { size: bytes.length, sha256: sha256Hex(bytes) };
    helped.offer(version, { version: `${version}-1`, file: signed });
  };
  await offer("1.1.0");
  assert.match(await helped.update(), /no command `download`[\s\S]*install dnf-plugins-core/);
  await repository.addTo(helped.machine, { plugins: true });
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.1.0");

  await repository.build({ name: "oil", version: "2.0-1", files: { "/opt/oil/can": "full\n" } });
  await offer("1.2.0", { control: "Requires: oil >= 2\n" });
  assert.match(await helped.update(), /install\/new-dependency/);
  assert.equal((await helped.machine.run("rpm", "-q", "oil")).code, 1, "nothing came along");

  await offer("1.3.0");
  const list = join(repository.folder, "repodata", "repomd.xml");
  writeFileSync(list, `${readFileSync(list, "utf8")}<!-- somebody else -->\n`);
  assert.match(await helped.update(), /install\/repository-untrusted/);
  assert.equal(await helped.says(), "lantern 1.1.0");
  await repository.publish();
  assert.equal(await helped.update(), "updated", helped.helperOutput);
  repository.server.isDown = true;
  const back = await helped.agent("rollback");
  assert.equal(back.code, 0, back.stdout + back.stderr + helped.helperOutput);
  assert.equal(await helped.says(), "lantern 1.1.0");
});
