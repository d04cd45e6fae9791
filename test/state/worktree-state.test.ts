import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readWorktreeState } from "../../controller/state/read-worktree-state.ts";
import { StateRepository } from "../support/state-repository.ts";

async function setUp(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.write("trust/targets.json", "{}");
  return state;
}

test("a product and the trust folder can be read while every other file is broken", async (t) => {
  const state = await setUp(t);
  await state.write("fleet.yaml", "schemaVersion: [\n");
  await state.write("tenants/acme.yaml", "no: such key\n");
  await state.write("products/torch/product.yaml", "description: 7\n");
  await state.write("products/torch/versions/1.0.0.yaml", "version: 1.0.0\n");
  await state.write("products/lantern/channels/stable.yaml", "version\n");
  const read = await readWorktreeState(state.directory);
  assert.deepEqual(read.productNames(), ["lantern", "torch"]);
  assert.deepEqual(
    read.product("lantern").versions.map(({ version }) => version),
    ["1.0.0"],
  );
  assert.equal(read.trust()?.targets?.toString(), "{}");
  assert.throws(() => read.product("torch"), { code: "worktree/invalid-product" });
  assert.throws(() => read.product("lamp"), { code: "worktree/unknown-product", help: /lantern, torch/ });
});

test("a version file that cannot be read is never left out silently", async (t) => {
  const state = await setUp(t);
  const file = join(state.directory, "products/lantern/versions/1.1.0.yaml");
  const refused = async (what: RegExp) => {
    const read = await readWorktreeState(state.directory);
    assert.throws(() => read.product("lantern"), { code: "worktree/invalid-product", message: what });
    rmSync(file, { recursive: true });
  };
  writeFileSync(file, "version: 1.1.0\n");
  await refused(/1\.1\.0\.yaml/);
  writeFileSync(file, Buffer.alloc(300_000, "#"));
  await refused(/300000 bytes/);
  symlinkSync(join(state.directory, "products/lantern/versions/1.0.0.yaml"), file);
  await refused(/symbolic link/);
  renameSync(join(state.directory, "products"), join(state.directory, "elsewhere"));
  symlinkSync("elsewhere", join(state.directory, "products"));
  const read = await readWorktreeState(state.directory);
  assert.throws(() => read.product("lantern"), { code: "worktree/invalid-product" });
});

test("a trust folder behind a link is refused, not taken for none", async (t) => {
  const state = await setUp(t);
  const trust = join(state.directory, "trust");
  renameSync(join(trust, "targets.json"), join(state.directory, "targets.json"));
  symlinkSync("../targets.json", join(trust, "targets.json"));
  const linked = await readWorktreeState(state.directory);
  assert.throws(() => linked.trust(), { code: "worktree/invalid-trust" });
  rmSync(trust, { recursive: true });
  assert.equal((await readWorktreeState(state.directory)).trust(), undefined);
  mkdirSync(join(state.directory, "other"));
  symlinkSync("other", trust);
  const folder = await readWorktreeState(state.directory);
  assert.throws(() => folder.trust(), { code: "worktree/invalid-trust" });
});
