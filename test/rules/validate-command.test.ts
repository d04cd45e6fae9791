import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fairlead, run, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

test("validate says what is wrong on disk, with its place below the repository, and ends with 1", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const sound = await fairlead(["validate"], { cwd: state.directory });
  assert.equal(sound.code, 0, sound.stdout + sound.stderr);
  assert.match(sound.stdout, /^5 files checked: no mistakes\n$/);

  await state.point("stable", "1.0.1");
  const broken = await fairlead(["validate", "--format", "line"], { cwd: join(state.directory, "tenants") });
  assert.equal(broken.code, 1);
  assert.equal(
    broken.stdout,
    "products/lantern/channels/stable.yaml:1:10: error channel/unknown-release: channel `stable` points to release `1.0.1`, which no file defines\n" +
      "5 files checked: 1 error, 0 warnings\n",
  );
});

test("validate --base refuses other bytes under a published version, and --ref reads the commit", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("publish 1.0.0");
  await state.addVersion("1.0.0", { says: "1.0.0-rebuilt" });

  assert.equal((await fairlead(["validate"], { cwd: state.directory })).code, 0);
  const changed = await fairlead(["validate", "--base", "HEAD", "--format", "json"], {
    cwd: state.directory,
  });
  assert.equal(changed.code, 1);
  const { diagnostics } = JSON.parse(changed.stdout) as { diagnostics: { rule: string }[] };
  assert.deepEqual(
    diagnostics.map(({ rule }) => rule),
    ["version/changed-after-publish"],
  );
  const commit = await fairlead(["validate", "--ref", "HEAD", "--base", "HEAD"], { cwd: state.directory });
  assert.equal(commit.code, 0, commit.stdout + commit.stderr);
});

test("a version that was removed comes back only with the bytes that it had, and history tells it", async (t) => {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
  await state.commit("publish");
  const file = "products/lantern/versions/1.1.0.yaml";
  await runOk("git", ["rm", "-q", file], { cwd: state.directory });
  const removal = await state.commit("remove 1.1.0");
  await state.commit("something else");
  const check = (...args: string[]) => fairlead(["validate", ...args], { cwd: state.directory });

  await state.addVersion("1.1.0", { says: "1.1.0-rebuilt" });
  for (const place of [[], ["--staged"], ["--ref", "HEAD"]]) {
    if (place.length > 0) await runOk("git", ["add", "-A"], { cwd: state.directory });
    if (place[0] === "--ref") await state.commit("add 1.1.0 again");
    const changed = await check(...place, "--base", place[0] === "--ref" ? "HEAD^" : "HEAD");
    assert.equal(changed.code, 1, changed.stdout);
    assert.match(
      changed.stdout,
      /error\[version\/changed-after-publish\]: `1\.1\.0` for `\S+` has other bytes/,
    );
    assert.match(
      changed.stdout,
      new RegExp(`its file was removed by commit ${removal.slice(0, 7)}, and is there again`),
    );
  }
  await state.addVersion("1.1.0");
  const restored = await check("--base", "HEAD^");
  assert.equal(restored.code, 0, restored.stdout);
});

test("validate --base compares with where the branch began: what came to the other side since is nothing that it took away", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  const git = (...args: string[]) => runOk("git", args, { cwd: state.directory });
  await git("switch", "-q", "-c", "change");
  await state.write("tenants/acme.yaml", "channel: stable\nsites:\n  berlin: {paused: {reason: audit}}\n");
  await state.commit("pause berlin");
  await git("switch", "-q", "main");
  await state.write("tenants/globex.yaml", "channel: stable\n");
  await state.addVersion("1.1.0");
  await state.commit("meanwhile");
  await git("switch", "-q", "change");
  for (const place of [[], ["--staged"], ["--ref", "HEAD"]]) {
    const { code, stdout } = await fairlead(["validate", "--base", "main", ...place], {
      cwd: state.directory,
    });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /no mistakes/);
  }
  await git("rm", "-q", "tenants/acme.yaml");
  const removed = await fairlead(["validate", "--base", "main"], { cwd: state.directory });
  assert.match(removed.stdout, /error\[tenant\/removed\]: tenant `acme` is gone/);
});

test("a yank on one branch beats a promotion on another when they meet in a merge", async (t) => {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
  await state.commit("publish");
  const git = (...args: string[]): Promise<unknown> => runOk("git", args, { cwd: state.directory });
  await git("checkout", "-q", "-b", "promote");
  await state.point("stable", "1.1.0");
  await state.commit("promote 1.1.0");
  await git("checkout", "-q", "main");
  await state.addVersion("1.1.0", { active: false });
  await state.commit("yank 1.1.0");
  await git("merge", "-q", "--no-edit", "promote");

  const merged = await fairlead(["validate", "--base", "HEAD^1"], { cwd: state.directory });
  assert.equal(merged.code, 1);
  assert.match(merged.stdout, /error\[channel\/promotes-yanked\]: channel `stable` is promoted to `1\.1\.0`/);
  const alone = await fairlead(["validate", "--max-warnings", "0"], { cwd: state.directory });
  assert.match(alone.stdout, /warning\[channel\/yanked-release\].*falls back to `1\.0\.0`/);
  assert.equal(alone.code, 1, "a warning is too many");
});

test("formats for machines keep standard output to themselves", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  for (const format of ["json", "gitlab", "sarif"]) {
    const { stdout, stderr, code } = await fairlead(["validate", "--format", format], {
      cwd: state.directory,
    });
    assert.equal(code, 0);
    JSON.parse(stdout);
    assert.match(stderr, /^5 files checked: no mistakes\n$/);
  }
});

test("wrong use ends with 2: an unknown format, a bad number, an unknown rule", async (t) => {
  const state = await StateRepository.create(t);
  for (const args of [
    ["validate", "--format", "xml"],
    ["validate", "--max-warnings", "some"],
    ["rules", "channel/unknown-relese"],
  ]) {
    const { code, stderr } = await fairlead(args, { cwd: state.directory });
    assert.equal(code, 2, args.join(" "));
    assert.notEqual(stderr, "");
  }
});

test("a folder without git is checked as it is, and a commit of it cannot be asked for", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-validate-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await runOk("sh", ["-c", "printf 'schemaVersion: 1\\ndefaultChannel: stable\\n' > fleet.yaml"], {
    cwd: folder,
  });
  assert.equal((await fairlead(["validate", "--root", folder])).code, 0);
  const { code, stderr } = await fairlead(["validate", "--root", folder, "--base", "HEAD"]);
  assert.equal(code, 1);
  assert.match(stderr, /not in a git repository/);
});

test("rules lists every rule and explains one with both examples", async () => {
  const list = await fairlead(["rules"]);
  assert.match(list.stdout, /^warning {2}channel\/behind-source +a channel is behind/m);
  const one = await fairlead(["rules", "channel/unknown-release"]);
  assert.match(one.stdout, /refused:\n\n {2}# products\/agent\/channels\/stable\.yaml\n {2}version: 1\.1\.1/);
  const data = JSON.parse((await fairlead(["rules", "--json"])).stdout) as { id: string }[];
  assert.ok(data.some(({ id }) => id === "yaml/alias"));
});

test("what looks like state and is none is refused, however its ending is written", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.write("tenants/globex.YAML", "paused: {reason: audit}\n");
  await state.write("tenants/initech.Yml", "paused: {reason: audit}\n");
  const check = (...args: string[]) =>
    fairlead(["validate", "--format", "line", ...args], { cwd: state.directory });
  for (const place of [[], ["--staged"], ["--ref", "HEAD"]]) {
    if (place[0] === "--staged") await runOk("git", ["add", "-A"], { cwd: state.directory });
    if (place[0] === "--ref") await state.commit("beside the state");
    const { stdout, code } = await check(...place);
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      /^tenants\/globex\.YAML:1:1: error file\/misplaced: .* looks like `tenants\/globex\.yaml`$/m,
    );
    assert.match(stdout, /^tenants\/initech\.Yml:1:1: error file\/misplaced/m);
  }
});

test("a conflict is named in the index before it is resolved, and in files that end their lines as Windows does", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  const git = (...args: string[]) => run("git", args, { cwd: state.directory });
  await git("switch", "-q", "-c", "other");
  await state.write("tenants/acme.yaml", "channel: stable\nautoUpdate: false\n");
  await state.commit("theirs");
  await git("switch", "-q", "main");
  await state.write("tenants/acme.yaml", "channel: stable\npaused: {reason: audit}\n");
  await state.commit("ours");
  assert.notEqual((await git("merge", "other")).code, 0);
  const staged = await fairlead(["validate", "--staged", "--format", "line"], { cwd: state.directory });
  assert.equal(staged.code, 1, staged.stdout);
  assert.match(
    staged.stdout,
    /^tenants\/acme\.yaml:1:1: error file\/conflict-marker: git left a conflict in this file/,
  );

  const lines = [
    "channel: stable",
    "<<<<<<< HEAD",
    "autoUpdate: true",
    "=======",
    "autoUpdate: false",
    ">>>>>>> other",
  ];
  await state.write("tenants/acme.yaml", `${lines.join("\r\n")}\r\n`);
  const onDisk = await fairlead(["validate", "--format", "line"], { cwd: state.directory });
  assert.match(onDisk.stdout, /^tenants\/acme\.yaml:2:1: error file\/conflict-marker/);
});

test("a folder of artifacts that git had and that is gone is told, and one that there never was is not", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  await runOk("git", ["rm", "-q", "-r", "artifacts"], { cwd: state.directory });
  await rm(join(state.directory, "artifacts"), { recursive: true, force: true });
  const check = (...args: string[]) =>
    fairlead(["validate", "--format", "line", ...args], { cwd: state.directory });
  assert.match(
    (await check()).stdout,
    /warning artifact\/missing: `lantern-1\.0\.0` is not in the artifact folder/,
  );
  await state.commit("artifacts are gone");
  assert.match((await check("--base", "HEAD~1", "--artifacts")).stdout, /warning artifact\/missing/);
  assert.match((await check("--artifacts")).stdout, /no mistakes/, "they may be in a bucket");
});
