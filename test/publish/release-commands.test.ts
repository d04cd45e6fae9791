import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { addRelease } from "../../controller/release/add-release.ts";
import type { ReleaseRequest } from "../../controller/release/release-request.ts";
import { readWorktreeState } from "../../controller/state/read-worktree-state.ts";
import { compareReleaseIndex, releaseTargets } from "../../controller/trust/release-index.ts";
import { verifyTrust } from "../../controller/trust/verify-trust.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { elfFile, machOFile } from "../release/executable-files.ts";
import { type CommandResult, run } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { temporaryFolder } from "./sample-publisher.ts";

const MAIN = join(import.meta.dirname, "../../controller/main.ts");

interface Workplace {
  readonly root: string;
  readonly state: StateRepository;
  fairlead(...args: string[]): Promise<CommandResult>;
  /** Makes a build that can be released. */
  build(content: string | Buffer): string;
}

async function setUp(t: TestContext): Promise<Workplace> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const folder = temporaryFolder(t);
  return {
    root: state.directory,
    state,
    fairlead: (...args) => run(process.execPath, [MAIN, ...args], { cwd: state.directory }),
    build(content) {
      const file = join(folder, "build");
      writeFileSync(file, content, { mode: 0o755 });
      return file;
    },
  };
}

/** How the signed index and the version files differ, as kinds. */
async function differences(root: string): Promise<string[]> {
  const state = await readWorktreeState(root);
  const trust = state.trust();
  assert.ok(trust);
  const { roles } = verifyTrust(trust, Date.now() / 1000);
  const role = roles.releases.get("lantern");
  assert.ok(role, "the release role does not verify");
  return compareReleaseIndex(role, releaseTargets(state.product("lantern"))).map(({ kind }) => kind);
}

test("keys, a release, an edit and a merge conflict: the signed index follows", async (t) => {
  const { root, fairlead, build, state } = await setUp(t);
  assert.equal((await fairlead("keys", "init", "--root-keys", "3", "--root-threshold", "2")).code, 0);
  assert.deepEqual(await differences(root), []);

  const added = await fairlead(
    "release",
    "add",
    "lantern",
    "1.1.0",
    "--artifact",
    `linux-x64=${build("new")}`,
  );
  assert.equal(added.code, 0, added.stderr);
  assert.deepEqual(await differences(root), []);
  assert.equal(readFileSync(join(root, "artifacts/lantern-1.1.0-linux-x64"), "utf8"), "new");

  await state.addVersion("1.2.0");
  assert.deepEqual(await differences(root), ["unsigned"]);
  const index = join(root, "trust/releases/lantern.json");
  const conflicted = readFileSync(index, "utf8").replace(/^/, "<<<<<<< ours\n");
  writeFileSync(index, conflicted);
  const signed = await fairlead("release", "sign");
  assert.equal(signed.code, 0, signed.stderr);
  assert.deepEqual(await differences(root), []);
  assert.ok(versionIn(readFileSync(index, "utf8")) > versionIn(conflicted));

  await state.addVersion("1.2.0", { active: false });
  assert.deepEqual(await differences(root), ["yank-unsigned"]);
});

test("barriers, dead ends and yanks for a platform are signed, and found later they must be signed again", async (t) => {
  const { root, fairlead, build, state } = await setUp(t);
  await fairlead("keys", "init");
  const artifact = `linux-x64=${build("new")}`;
  const add = (...more: string[]) =>
    fairlead("release", "add", "lantern", "1.1.0", "--artifact", artifact, ...more);
  assert.match(
    (await add("--dead-end-url", "https://acme.example/")).stderr,
    /--dead-end-url goes with --dead-end/,
  );
  assert.equal((await add("--barrier", "--dead-end", "no way on")).code, 2);
  assert.equal((await add("--dead-end", "no way on", "--dead-end-url", "http://acme.example/")).code, 2);
  assert.equal((await add("--barrier-reason", " ")).code, 2);
  const added = await add("--barrier-reason", "moves the database");
  assert.equal(added.code, 0, added.stderr);
  assert.match(
    readFileSync(join(root, "products/lantern/versions/1.1.0.yaml"), "utf8"),
    /^barrier:\n {2}reason: /m,
  );
  assert.deepEqual(await differences(root), []);
  assert.equal((await add()).code, 0, "the same release once more is no mistake");
  assert.match((await add("--barrier")).stderr, /release\/exists/);

  const url = "https://acme.example/reinstall";
  const end = await fairlead(
    ...["release", "add", "lantern", "1.2.0", "--artifact", artifact],
    ...["--dead-end", "cannot update itself", "--dead-end-url", url],
  );
  assert.equal(end.code, 0, end.stderr);
  const index = (): string => readFileSync(join(root, "trust/releases/lantern.json"), "utf8");
  assert.match(index(), /"critical": \[\s*"barrier"\s*\]/);
  assert.match(index(), /"critical": \[\s*"deadEnd"\s*\]/);
  assert.equal((await fairlead("validate")).code, 0);

  await state.addVersion("1.0.0", { more: "barrier: true\n" });
  assert.deepEqual(await differences(root), ["changed", "changed"]);
  const refused = await fairlead("validate", "--format", "line");
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /1\.0\.0\.yaml:2:\d+: error trust\/index-differs: .*barrier/);
  assert.equal((await fairlead("release", "sign")).code, 0);
  assert.deepEqual(await differences(root), []);
  assert.equal((await fairlead("validate")).code, 0);

  const file = join(root, "products/lantern/versions/1.1.0.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}\n    active: false\n`);
  assert.deepEqual(await differences(root), ["yank-unsigned"]);
  assert.equal((await fairlead("release", "sign")).code, 0);
  assert.deepEqual(await differences(root), []);
});

test("an index that was signed in another version scheme, or before it named one, must be signed again", async (t) => {
  const { root, fairlead, state } = await setUp(t);
  await state.addVersion("1.1.0", { more: 'rollbackTo: ">1.0"\n' });
  await fairlead("keys", "init");
  assert.equal((await fairlead("validate")).code, 0, "an index of semver says nothing of it");

  await state.write("products/lantern/product.yaml", "description: a test product\nversionScheme: dotted\n");
  const refused = await fairlead("validate", "--format", "line");
  assert.equal(refused.code, 1);
  assert.match(
    refused.stdout,
    /^products\/lantern\/product\.yaml:2:16: error trust\/index-differs: .*signed as semver.*as dotted\n9 files checked: 1 error/,
  );
  assert.match((await fairlead("validate")).stdout, /help: .*fairlead release sign lantern/);

  assert.equal((await fairlead("release", "sign")).code, 0);
  assert.equal((await fairlead("validate")).code, 0);
  assert.match(readFileSync(join(root, "trust/releases/lantern.json"), "utf8"), /"versionScheme": "dotted"/);
});

function versionIn(text: string): number {
  return Number(/^ {2}"version": (\d+)/m.exec(text)?.[1]);
}

test("a version that is there never changes, and a refused release leaves nothing behind", async (t) => {
  const { root, fairlead, build } = await setUp(t);
  const add = (version: string, content: string, more: Partial<ReleaseRequest> = {}) => {
    const artifacts = [{ platform: "linux-x64", file: build(content) }];
    const passphrases = { toOpen: async () => undefined, forNewKeys: async () => "" };
    const keys = { folder: join(root, "elsewhere"), commands: [], passphrases };
    const request = { root, product: "lantern", version, artifacts, keys, now: 1_795_000_000, ...more };
    return addRelease(request, { onBytes: () => {} });
  };
  await add("1.1.0", "one");
  const before = readdirSync(root, { recursive: true }).sort();
  assert.deepEqual((await add("1.1.0", "one")).files, [], "the same release once more is no mistake");

  await assert.rejects(add("1.1.0", "two"), { code: "release/artifact-exists" });
  await assert.rejects(add("1.1.0", "two", { urlBase: "https://dl.example" }), { code: "release/exists" });
  await assert.rejects(add("1.1.0", "one", { rollbackTo: "*" }), { code: "release/exists" });
  await assert.rejects(add("v1.2.0", "x"), { code: "release/bad-version" });
  await assert.rejects(add("1.2.0", "x", { rollbackTo: "latest" }), { code: "release/bad-range" });
  await assert.rejects(add("1.2.0", ""), { code: "release/bad-artifact" });
  await assert.rejects(add("1.2.0", "x", { product: "nothing" }), { code: "worktree/unknown-product" });
  assert.equal((await fairlead("release", "add", "lantern", "1.2.0", "--artifact", "oops")).code, 2);

  await fairlead("keys", "init");
  await assert.rejects(add("1.2.0", "three"), { code: "keys/not-found" });
  const after = readdirSync(root, { recursive: true }).map(String);
  assert.deepEqual(after.filter((name) => !/^(keys|trust)/.test(name)).sort(), before);
});

test("keys are for their owner only, ignored by git, never overwritten, and never printed", async (t) => {
  const { root, fairlead, state } = await setUp(t);
  const few = await fairlead("keys", "init", "--root-threshold", "2", "--dir", "others");
  assert.match(few.stderr, /keys\/bad-threshold/);
  assert.equal(existsSync(join(root, "others")), false);
  const made = await fairlead("keys", "init");
  const files = readdirSync(join(root, "keys")).filter((name) => name.endsWith(".json"));
  assert.deepEqual(files.sort(), ["online.json", "releases-lantern.json", "root-1.json", "targets-1.json"]);
  const shown = await fairlead("keys", "show", "--json");
  assert.equal(shown.code, 0, shown.stderr);
  for (const name of files) {
    const file = join(root, "keys", name);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { secret } = JSON.parse(readFileSync(file, "utf8"));
    for (const text of [made.stdout, made.stderr, shown.stdout]) assert.equal(text.includes(secret), false);
  }
  await state.commit("everything");
  const tracked = await run("git", ["ls-files", "keys"], { cwd: root });
  assert.equal(tracked.stdout, "");
  assert.match((await fairlead("keys", "init")).stderr, /keys\/exists/);
});

test("a new product gets its delegation from the holders of the targets keys", async (t) => {
  const { root, fairlead, state } = await setUp(t);
  await fairlead("keys", "init", "--root-keys", "2", "--root-threshold", "2");
  await state.write("products/torch/product.yaml", "description: another\n");
  const added = await fairlead("keys", "add-product", "torch");
  assert.equal(added.code, 0, added.stderr);
  const trust = (await readWorktreeState(root)).trust();
  assert.ok(trust);
  const { problems, roles } = verifyTrust(trust, Date.now() / 1000);
  assert.deepEqual(problems, []);
  assert.deepEqual([...roles.releases.keys()], ["lantern", "torch"]);
});

test("an exported folder holds what is served, stays as it is without news, and refuses a changed artifact", async (t) => {
  const { root, fairlead, state } = await setUp(t);
  await state.commit("first");
  const folder = temporaryFolder(t);
  const out = join(folder, "out");
  const exported = (...more: string[]) =>
    fairlead("export", "--out", out, "--state-dir", join(folder, "state"), "--dev-keys", "--json", ...more);
  const first = await exported();
  assert.equal(first.code, 0, first.stderr);
  const { version, written } = JSON.parse(first.stdout);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(files.length, written + 1, "every file, and the timestamp");
  assert.ok(files.some(({ name }) => /^[0-9a-f]{64}\.lantern-1\.0\.0$/.test(name)));
  assert.deepEqual(JSON.parse((await exported()).stdout).written, 0);

  await state.addVersion("1.1.0");
  await state.commit("second");
  appendFileSync(join(root, "artifacts/lantern-1.1.0"), "changed\n");
  const refused = await exported();
  assert.equal(refused.code, 1);
  assert.equal(JSON.parse(refused.stdout).error.id, "publish/artifact-differs");
  const timestamp = JSON.parse(readFileSync(join(out, "tuf/timestamp.json"), "utf8"));
  assert.equal(timestamp.signed.version, version, "the old manifest stays whole");
});

const NEEDS_2_34 = elfFile({
  interpreter: "/lib64/ld-linux-x86-64.so.2",
  needed: ["libc.so.6", "libssl.so.3"],
  versions: ["GLIBC_2.34"],
});

test("what a file requires is read from it, written into the version file and signed", async (t) => {
  const { root, fairlead, build } = await setUp(t);
  await fairlead("keys", "init");
  const added = await fairlead(
    "release",
    "add",
    "lantern",
    "1.1.0",
    "--artifact",
    `linux-x64=${build(NEEDS_2_34)}`,
  );
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /it requires glibc 2\.34\n {2}it also needs libssl\.so\.3: that nobody checks/);
  const file = join(root, "products/lantern/versions/1.1.0.yaml");
  assert.match(readFileSync(file, "utf8"), /requires:\n {6}glibc: ">=2\.34"/);
  const index = readFileSync(join(root, "trust/releases/lantern.json"), "utf8");
  assert.match(index, /"requires": \{\s+"glibc": ">=2\.34"/);
  assert.match(index, /"critical": \[\s+"requires"/);
  assert.deepEqual(await differences(root), []);
});

test("a person's word takes the place of what the file says", async (t) => {
  const { root, fairlead, build } = await setUp(t);
  const file = build(NEEDS_2_34);
  const add = (version: string, ...requires: string[]) =>
    fairlead(
      ...["release", "add", "lantern", version, "--artifact", `linux-x64=${file}`],
      ...requires.flatMap((said) => ["--requires", said]),
    );
  const written = (version: string): string =>
    readFileSync(join(root, `products/lantern/versions/${version}.yaml`), "utf8").split("sha256")[1] ?? "";
  assert.equal(
    (await add("1.1.0", "glibc=>=2.36", "os.debian=>=12", "os.ubuntu=>=22.04", "memory=2GiB")).code,
    0,
  );
  assert.match(
    written("1.1.0"),
    /glibc: ">=2\.36"\n\s+os:\n\s+debian: ">=12"\n\s+ubuntu: ">=22\.04"\n\s+memory: 2GiB/,
  );
  assert.equal((await add("1.2.0", "glibc=any")).code, 0);
  assert.doesNotMatch(written("1.2.0"), /requires/);
  assert.equal((await add("1.3.0", "linux-x64:cpu=avx2,fma")).code, 0);
  assert.match(written("1.3.0"), /glibc: ">=2\.34"\n\s+cpu:\n\s+- avx2\n\s+- fma/);

  for (const wrong of [
    "glibc",
    "glibc=new",
    "gpu=big",
    "macos=>=12",
    "linux-arm64:glibc=>=2.31",
    "memory=much",
  ]) {
    const refused = await add("1.4.0", wrong);
    assert.equal(refused.code, 1, wrong);
    assert.match(refused.stderr, /^error\[(release\/bad-requirement|protocol\/bad-byte-size)\]/, wrong);
  }
  assert.ok(!existsSync(join(root, "products/lantern/versions/1.4.0.yaml")));
});

test("a file that is not for its platform is refused, and nothing is left of it", async (t) => {
  const { root, fairlead, build } = await setUp(t);
  const add = (platform: string, content: string | Buffer, ...more: string[]) =>
    fairlead("release", "add", "lantern", "1.1.0", "--artifact", `${platform}=${build(content)}`, ...more);
  const before = readdirSync(root, { recursive: true }).map(String).sort();
  const wrong: [string, Buffer, RegExp][] = [
    ["linux-arm64", NEEDS_2_34, /is not for linux-arm64: it is an ELF file for x64/],
    ["darwin-x64", NEEDS_2_34, /it is an ELF file/],
    ["linux-x64", machOFile({ processor: 7 }), /it is a Mach-O file/],
    ["darwin-arm64", machOFile({ processor: 0x01000007 }), /it is a Mach-O file for x64/],
    ["linux-x64", NEEDS_2_34.subarray(0, 100), /begins as ELF and cannot be read as such/],
  ];
  for (const [platform, content, message] of wrong) {
    const refused = await add(platform, content);
    assert.equal(refused.code, 1, platform);
    assert.match(refused.stderr, /^error\[release\/not-for-platform\]/);
    assert.match(refused.stderr, message);
  }
  assert.deepEqual(readdirSync(root, { recursive: true }).map(String).sort(), before);
  const script = await add("linux-x64", "#!/bin/sh\necho 1.1.0\n");
  assert.match(script.stdout, /it is a script, of which nobody can tell what it requires/);
  const forced = await fairlead(
    ...["release", "add", "lantern", "1.2.0", "--allow-mismatch"],
    ...["--artifact", `darwin-arm64=${build(machOFile({ processor: 0x01000007 }))}`],
  );
  assert.match(forced.stdout, /it is a Mach-O file for x64; it is released all the same/);
});

test("a release made with --delta-from is signed, validated and exported with its delta, which makes the same bytes", async (t) => {
  const { root, fairlead, build, state } = await setUp(t);
  assert.equal((await fairlead("keys", "init")).code, 0);
  const common = "x".repeat(5000);
  const release = (version: string, ...more: string[]): Promise<CommandResult> =>
    fairlead(
      ...["release", "add", "lantern", version, ...more],
      ...["--artifact", `linux-x64=${build(`#!/bin/sh\n# ${common}\necho ${version}\n`)}`],
    );
  assert.equal((await release("1.1.0")).code, 0);
  const added = await release("1.2.0", "--delta-from", "1.1.0");
  assert.equal(added.code, 0, added.stdout + added.stderr);
  assert.deepEqual(await differences(root), []);
  const [artifact] =
    (await readWorktreeState(root)).product("lantern").versions.find(({ version }) => version === "1.2.0")
      ?.artifacts ?? [];
  const [delta] = artifact?.deltas ?? [];
  assert.ok(delta !== undefined && artifact !== undefined);
  assert.ok(delta.size < 200, String(delta.size));
  await state.commit("Release 1.2.0");
  const out = join(temporaryFolder(t), "out");
  const exported = await fairlead("export", "--out", out, "--artifacts", join(root, "artifacts"));
  assert.equal(exported.code, 0, exported.stdout + exported.stderr);
  const name = `${delta.sha256}.${delta.url.split("/").at(-1)}`;
  const served = join(out, "targets/releases/lantern/1.2.0/linux-x64", name);
  assert.equal(statSync(served).size, delta.size);
  const made = join(temporaryFolder(t), "made");
  const old = join(root, "artifacts", "lantern-1.1.0-linux-x64");
  assert.equal((await run("zstd", ["-dq", `--patch-from=${old}`, served, "-o", made])).code, 0);
  assert.equal(sha256Hex(readFileSync(made)), artifact.sha256);
});

test("what no delta can be made of is refused, and nothing is written", async (t) => {
  const { root, fairlead, build } = await setUp(t);
  const before = readdirSync(join(root, "products/lantern/versions"));
  const file = build("#!/bin/sh\n");
  const archive = `${file}.tar.gz`;
  writeFileSync(archive, gzipSync("packed"));
  for (const [artifact, from, why] of [
    [file, "9.9.9", /neither a file nor a version/],
    [archive, file, /archives and packages are compressed/],
  ] as const) {
    const added = await fairlead(
      "release",
      "add",
      "lantern",
      "1.1.0",
      "--artifact",
      `linux-x64=${artifact}`,
      "--delta-from",
      from,
    );
    assert.equal(added.code, 1, added.stdout);
    assert.match(added.stdout + added.stderr, /release\/no-delta/);
    assert.match(added.stdout + added.stderr, why);
  }
  assert.deepEqual(readdirSync(join(root, "products/lantern/versions")), before);
});
