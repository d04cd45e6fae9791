import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fairlead } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";

test("validate and expect look at the machines of an inventory, and without one at what state says", async (t) => {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  await state.point("stable", "1.1.0", "rollout: {waves: [{percent: 100, after: 0s}]}\n");
  await state.write(
    "expectations/pace.yaml",
    "expect:\n  - that: a site goes by and by\n    for: {tenant: acme}\n    atMost: {share: 50%, of: site, within: 1d}\n" +
      "  - that: nobody falls behind 1.0.0\n    decides: {version: '>=1.0.0'}\n",
  );
  await state.commit("promote");
  const rows = ["d-1,1.1.0", "d-2,1.1.0", "d-3,1.0.0", "d-4,0.9.0"].map(
    (row) => `${row},${PLATFORM},acme,berlin,lantern`,
  );
  const folder = await mkdtemp(join(tmpdir(), "fairlead-inventory-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const inventory = join(folder, "fleet.csv");
  const here = { cwd: state.directory };
  const write = (some: readonly string[]): Promise<void> =>
    writeFile(inventory, ["device,installed,platform,tenant,site,product", ...some].join("\n"));

  // By the waves alone everybody goes at once.
  const alone = await fairlead(["validate", "--format", "line"], here);
  assert.equal(alone.code, 1);
  assert.match(
    alone.stdout,
    /^expectations\/pace\.yaml:4:5: error expectation\/too-many-at-once: .* 100% of /,
  );

  // Of these, three of four have it already.
  await write(rows.slice(0, 3));
  const few = await fairlead(["validate", "--inventory", inventory], here);
  assert.equal(few.code, 0, few.stdout);
  assert.equal((await fairlead(["expect", "--inventory", inventory], here)).code, 0);

  await write([...rows.slice(1), `d-5,1.0.0,${PLATFORM},acme,berlin,lantern`]);
  const many = await fairlead(["expect", "--inventory", inventory, "--json"], here);
  assert.equal(many.code, 1);
  const [pace, newest] = JSON.parse(many.stdout).expectations;
  assert.match(
    pace.finding.message,
    /3 of the 4 machines of site acme\/berlin \(75%\) change their version within 1d/,
  );
  assert.equal(newest.state, "holds", "who is below goes up at once");
});
