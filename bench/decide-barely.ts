/**
 * The least that a plan over an inventory could do: each line parsed, and `decide` asked once on each side of the change
 * `main..change`, with nothing checked, followed, counted or printed. `node decide-barely.ts ROOT INVENTORY NOW`
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { policyFor } from "../controller/desired/desired-state.ts";
import { readSides } from "../controller/plan/read-sides.ts";
import { openRepository } from "../controller/source/git-repository.ts";
import { commitSource } from "../controller/source/state-source.ts";
import { decide } from "../protocol/decide.ts";

const [, , root = ".", inventory = "", time = ""] = process.argv;
const now = Date.parse(time) / 1000;
const repository = await openRepository(root);
const head = { source: commitSource(repository, "", "change"), ref: "change" };
const { before, after } = await readSides({ repository, path: "", base: "main", head, now, overlays: [] });
if (after === undefined) throw new Error("the change has errors");
let updates = 0;
for await (const line of createInterface({ input: createReadStream(inventory) })) {
  const { device: id, product, installed, tenant, ...rest } = JSON.parse(line);
  for (const state of [before, after]) {
    const policy = policyFor(state, product, tenant);
    if (policy === undefined) continue;
    const device = { id, tenant, ...rest };
    const decision = decide(policy, policy.releases, device, { version: installed }, {}, now);
    if (decision.action === "update") updates++;
  }
}
repository.close();
if (updates === 0) throw new Error("nobody moves");
