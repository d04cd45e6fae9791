import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readWorktreeState } from "../../controller/state/read-worktree-state.ts";
import { compareReleaseIndex, releaseTargets } from "../../controller/trust/release-index.ts";
import { verifyTrust } from "../../controller/trust/verify-trust.ts";
import { run } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

const MAIN = join(import.meta.dirname, "../../controller/main.ts");

test("a version that lacks a platform gets it by release add, signed, and what it has stays as it is", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  const root = state.directory;
  const fairlead = (...args: readonly string[]) => run(process.execPath, [MAIN, ...args], { cwd: root });
  assert.equal((await fairlead("keys", "init")).code, 0);
  const build = join(root, "build");
  writeFileSync(build, "#!/bin/sh\necho 1.1.0\n");
  const add = (platform: string, ...more: readonly string[]) =>
    fairlead("release", "add", "lantern", "1.1.0", "--artifact", `${platform}=${build}`, ...more);
  assert.equal((await add("linux-x64", "--upgrade-from", ">=1.0.0")).code, 0);
  const file = join(root, "products/lantern/versions/1.1.0.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}# the last of its line\n`);

  const added = await add("linux-arm64");
  assert.equal(added.code, 0, added.stderr);
  const found = await readWorktreeState(root);
  const product = found.product("lantern");
  const version = product.versions.find((known) => known.version === "1.1.0");
  assert.deepEqual(
    version?.artifacts.map(({ platform }) => platform),
    ["linux-x64", "linux-arm64"],
  );
  assert.equal(version.upgradeFrom, ">=1.0.0");
  assert.match(readFileSync(file, "utf8"), /# the last of its line/);
  const trust = found.trust();
  assert.ok(trust);
  const role = verifyTrust(trust, Date.now() / 1000).roles.releases.get("lantern");
  assert.ok(role);
  assert.deepEqual(compareReleaseIndex(role, releaseTargets(product)), [], "and it is signed");

  writeFileSync(build, "#!/bin/sh\necho other\n");
  const before = readFileSync(file, "utf8");
  for (const refused of [add("linux-arm64"), add("darwin-x64", "--upgrade-from", ">=0.9.0")]) {
    const { code, stderr } = await refused;
    assert.equal(code, 1);
    assert.match(stderr, /^error\[release\/(exists|artifact-exists)\]/);
    assert.equal(readFileSync(file, "utf8"), before);
  }
});
