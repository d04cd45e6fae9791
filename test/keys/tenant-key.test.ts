import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openTenantKeys } from "../../controller/keys/naming-secret.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

test("the key of a tenant is the controller's, and is printed alone", async (t) => {
  const state = await StateRepository.create(t);
  const stateFolder = temporaryFolder(t);
  const key = openTenantKeys({ stateFolder, besideOnlineKey: undefined, mayMake: true })("acme");
  const printed = await fairlead(["tenant", "key", "acme", "--state-dir", stateFolder], {
    cwd: state.directory,
  });
  assert.deepEqual([printed.code, printed.stdout, printed.stderr], [0, `${key}\n`, ""]);
  const elsewhere = await fairlead(["tenant", "key", "acme", "--state-dir", stateFolder, "--json"], {
    cwd: stateFolder,
  });
  assert.deepEqual(JSON.parse(elsewhere.stdout), { tenant: "acme", key });
  assert.match(elsewhere.stderr, /nobody checked that there is a tenant acme/);
});

test("without the controller's state folder, or for nobody, there is no key and nothing is made", async (t) => {
  const state = await StateRepository.create(t);
  const absent = await fairlead(["tenant", "key", "acme"], { cwd: state.directory });
  assert.equal(absent.code, 1);
  assert.match(absent.stderr, /keys\/no-state-folder[\s\S]*fairlead serve[\s\S]*--state-dir/);
  assert.equal(existsSync(join(state.directory, ".fairlead")), false);
  const nobody = await fairlead(["tenant", "key", "nobody"], { cwd: state.directory });
  assert.match(nobody.stderr, /keys\/not-found.*tenants\/nobody\.yaml/);
  await state.write("tenants/labs.yaml", "formerly: [nobody]\n");
  const former = await fairlead(["tenant", "key", "nobody"], { cwd: state.directory });
  assert.match(former.stderr, /it is called `labs` now/);
  assert.equal((await fairlead(["tenant", "key", "../acme"], { cwd: state.directory })).code, 2);
});
