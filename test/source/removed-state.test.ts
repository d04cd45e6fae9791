import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRepository } from "../../controller/source/git-repository.ts";
import { readRemovedState } from "../../controller/source/removed-state.ts";
import { ScratchRepository } from "./scratch-repository.ts";

test("tenants and release indexes that were removed are found, also on a branch that was merged", async (t) => {
  const scratch = new ScratchRepository(t);
  const remove = (path: string) => rmSync(join(scratch.folder, path));
  const read = async (since?: string) => {
    const repository = await openRepository(scratch.folder);
    try {
      const head = scratch.git("rev-parse", "main");
      const { tenants, releases } = await readRemovedState(repository, head, "releases", since);
      return {
        tenants: [...tenants].sort(),
        releases: [...releases].map(([name, bytes]) => [name, `${bytes}`]),
      };
    } finally {
      repository.close();
    }
  };
  scratch.write("releases/tenants/acme.yaml", "channel: stable\n");
  scratch.write("releases/tenants/globex.yaml", "channel: stable\n");
  scratch.write("releases/trust/releases/agent.json", "first");
  scratch.write("tenants/elsewhere.yaml", "channel: stable\n");
  scratch.commit("all of them");
  assert.deepEqual(await read(), { tenants: [], releases: [] });

  remove("releases/tenants/acme.yaml");
  remove("releases/trust/releases/agent.json");
  remove("tenants/elsewhere.yaml");
  const first = scratch.commit("two less");
  assert.deepEqual(await read(), { tenants: ["acme"], releases: [["agent", "first"]] });

  scratch.git("checkout", "-q", "-b", "side");
  remove("releases/tenants/globex.yaml");
  scratch.commit("one less");
  scratch.git("checkout", "-q", "main");
  scratch.write("releases/tenants/acme.yaml", "channel: beta\n");
  scratch.write("releases/trust/releases/agent.json", "second");
  scratch.commit("and they are back");
  scratch.git("merge", "-q", "--no-ff", "-m", "merge", "side");
  remove("releases/trust/releases/agent.json");
  const last = scratch.commit("and gone");

  const ever = { tenants: ["acme", "globex"], releases: [["agent", "second"]] };
  assert.deepEqual(await read(), ever);
  assert.deepEqual(await read(first), { ...ever, tenants: ["globex"] });
  assert.deepEqual(await read("0".repeat(40)), ever, "a commit that nobody knows says nothing");
  assert.deepEqual(await read(last), { tenants: [], releases: [] });
});
