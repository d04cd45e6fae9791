import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readWorktreeState } from "../../controller/state/read-worktree-state.ts";
import { compareReleaseIndex, releaseTargets } from "../../controller/trust/release-index.ts";
import { verifyTrust } from "../../controller/trust/verify-trust.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { lantern as archived, pack, temporaryFolder } from "../agent/archives/archive-machine.ts";
import { AptRepository } from "../agent/packages/apt-repository.ts";
import { DnfRepository } from "../agent/packages/dnf-repository.ts";
import { lantern } from "../agent/packages/made-package.ts";
import { type CommandResult, run } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

const MAIN = join(import.meta.dirname, "../../controller/main.ts");
const PLATFORM = `linux-${process.arch}`;
const OTHER_PLATFORM = process.arch === "x64" ? "linux-arm64" : "linux-x64";

async function missing(...programs: readonly string[]): Promise<string | false> {
  for (const program of programs) {
    const { code } = await run("sh", ["-c", 'command -v "$1"', "sh", program]);
    if (code !== 0) return `${program} is not installed`;
  }
  return false;
}
const skipDeb = await missing("dpkg-deb", "gpg");
const skipRpm = await missing("rpm", "rpmbuild", "gpg");

/** A state with keys, in which nothing but plain files was released. */
async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const fairlead = (...args: readonly string[]): Promise<CommandResult> =>
    run(process.execPath, [MAIN, ...args], { cwd: state.directory });
  const keys = await fairlead("keys", "init");
  assert.equal(keys.code, 0, keys.stderr);
  const add = (version: string, file: string, ...more: readonly string[]) =>
    fairlead("release", "add", "lantern", version, "--artifact", `${PLATFORM}=${file}`, ...more);
  const artifactOf = async (version: string) => {
    const { versions } = (await readWorktreeState(state.directory)).product("lantern");
    return versions.find((known) => known.version === version)?.artifacts[0];
  };
  /** What a refused release left behind. */
  const refused = async (asked: Promise<CommandResult>, code: string, why: RegExp): Promise<void> => {
    const before = readdirSync(state.directory, { recursive: true }).map(String).sort();
    const { code: exit, stderr } = await asked;
    assert.equal(exit, 1, stderr);
    assert.match(stderr, new RegExp(`^error\\[${code}\\]`));
    assert.match(stderr, why);
    assert.deepEqual(readdirSync(state.directory, { recursive: true }).map(String).sort(), before);
  };
  return { state, root: state.directory, fairlead, add, artifactOf, refused };
}

/** How the signed index and the version files differ, as kinds. */
async function differences(root: string): Promise<string[]> {
  const state = await readWorktreeState(root);
  const trust = state.trust();
  assert.ok(trust);
  const role = verifyTrust(trust, Date.now() / 1000).roles.releases.get("lantern");
  assert.ok(role, "the release role does not verify");
  return compareReleaseIndex(role, releaseTargets(state.product("lantern"))).map(({ kind }) => kind);
}

test("a deb is released with the name and the version that it has itself, hosted or from its repository, and signed", {
  skip: skipDeb,
}, async (t) => {
  const { root, add, artifactOf } = await setUp(t);
  const repository = await AptRepository.create(t);
  const hosted = await repository.build(lantern("1:1.1.0-1"));
  const added = await add("1.1.0", hosted);
  assert.equal(added.code, 0, added.stdout + added.stderr);
  assert.match(added.stdout, /package lantern 1:1\.1\.0-1/);
  const bytes = readFileSync(hosted);
  assert.deepEqual(await artifactOf("1.1.0"), {
    ...{ platform: PLATFORM, format: "deb", url: `artifacts/lantern-1.1.0-${PLATFORM}.deb` },
    ...{ size: bytes.length, sha256: sha256Hex(bytes), package: "lantern", packageVersion: "1:1.1.0-1" },
  });
  assert.ok(readFileSync(join(root, `artifacts/lantern-1.1.0-${PLATFORM}.deb`)).equals(bytes));

  const fetched = await repository.build(lantern("1.2.0~rc.1-1"));
  const candidate = await add("1.2.0-rc.1", fetched, "--repository", "acme");
  assert.equal(candidate.code, 0, candidate.stdout + candidate.stderr);
  const artifact = await artifactOf("1.2.0-rc.1");
  assert.deepEqual([artifact?.repository, artifact?.url], ["acme", undefined]);
  assert.equal(artifact?.sha256, sha256Hex(readFileSync(fetched)), "a helper goes by the digest");
  assert.deepEqual(await differences(root), []);

  const again = await add("1.1.0", hosted);
  assert.equal(again.code, 0, "the same release once more changes nothing");
});

test("a package of another version, name or architecture than is claimed is refused, and nothing is left of it", {
  skip: skipDeb,
}, async (t) => {
  const { fairlead, add, refused, artifactOf } = await setUp(t);
  const repository = await AptRepository.create(t);
  assert.equal((await add("1.1.0", await repository.build(lantern("1.1.0-1")))).code, 0);
  const later = await repository.build(lantern("1.3.0-1"));
  await refused(add("1.2.0", later), "release/wrong-package", /is of version 1\.3\.0-1, not 1\.2\.0/);
  const lamp = await repository.build({ ...lantern("1.2.0-1"), name: "lamp" });
  await refused(
    add("1.2.0", lamp),
    "release/wrong-package",
    /is `lamp`, and that of other versions `lantern`/,
  );
  const foreign = await repository.build(lantern("1.2.0-1", { architecture: "s390x" }));
  await refused(add("1.2.0", foreign), "release/not-for-platform", /is for s390x, not linux-/);
  const own = await repository.build(lantern("1.2.0-1"));
  const elsewhere = ["release", "add", "lantern", "1.2.0", "--artifact", `${OTHER_PLATFORM}=${own}`];
  await refused(fairlead(...elsewhere), "release/not-for-platform", new RegExp(`not ${OTHER_PLATFORM}`));
  const cut = join(temporaryFolder(t), basename(own));
  writeFileSync(cut, readFileSync(own).subarray(0, 60));
  await refused(add("1.2.0", cut), "release/bad-artifact", /cannot be read as a deb package/);
  await refused(add("1.2.0", own, "--delta-from", own), "release/no-delta", /packages are compressed/);
  const forced = await add("1.2.0", later, "--allow-mismatch");
  assert.equal(forced.code, 0, forced.stderr);
  assert.equal((await artifactOf("1.2.0"))?.packageVersion, "1.3.0-1");
});

test("an rpm is released with what it says of itself, and one of another version or name is refused", {
  skip: skipRpm,
}, async (t) => {
  const { root, add, artifactOf, refused } = await setUp(t);
  const repository = await DnfRepository.create(t);
  const added = await add("1.1.0", await repository.build(lantern("2:1.1.0-1")));
  assert.equal(added.code, 0, added.stdout + added.stderr);
  const artifact = await artifactOf("1.1.0");
  assert.deepEqual(
    [artifact?.format, artifact?.package, artifact?.packageVersion],
    ["rpm", "lantern", "2:1.1.0-1"],
  );
  assert.deepEqual(await differences(root), []);
  const later = await repository.build(lantern("1.3.0-1"));
  await refused(add("1.2.0", later), "release/wrong-package", /is of version 1\.3\.0-1/);
  const lamp = await repository.build({ ...lantern("1.2.0-1"), name: "lamp" });
  await refused(add("1.2.0", lamp), "release/wrong-package", /`lamp`/);
});

test("an archive is released as it is, beside a package for the same platform; what is none is refused by its bytes", async (t) => {
  const { root, fairlead, add, artifactOf, refused } = await setUp(t);
  const folder = temporaryFolder(t);
  for (const [index, packer] of (["tar.gz", "tar.zst", "zip"] as const).entries()) {
    const file = join(folder, `lantern.${packer}`);
    writeFileSync(file, await pack(t, archived(`1.${index + 1}.0`), packer));
    const added = await add(`1.${index + 1}.0`, file);
    assert.equal(added.code, 0, added.stdout + added.stderr);
    const artifact = await artifactOf(`1.${index + 1}.0`);
    assert.equal(artifact?.format, "archive");
    assert.ok(existsSync(join(root, artifact.url ?? "")));
  }
  assert.deepEqual(await differences(root), []);
  const plain = join(folder, "plain.tar.gz");
  writeFileSync(plain, "#!/bin/sh\n");
  await refused(add("2.0.0", plain), "release/bad-artifact", /is no archive/);
  const delta = join(folder, "delta.tar.gz");
  writeFileSync(delta, gzipSync("packed"));
  await refused(add("2.0.0", delta, "--delta-from", delta), "release/no-delta", /archives and packages/);
  const copy = join(folder, "other.zip");
  copyFileSync(join(folder, "lantern.zip"), copy);
  const twice = [
    "--artifact",
    `${PLATFORM}=${copy}`,
    "--artifact",
    `${PLATFORM}=${join(folder, "lantern.zip")}`,
  ];
  await refused(
    fairlead("release", "add", "lantern", "2.0.0", ...twice),
    "release/bad-artifact",
    /two artifacts of one format/,
  );
});
