import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import fc from "fast-check";
import { cohort } from "../../protocol/cohort.ts";
import { decide } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { type AskedCase, askedCase } from "./arbitrary-policies.ts";

/**
 * Decisions and cohorts that must never change again: an agent in the field and a controller of another version have
 * to agree. `UPDATE_GOLDEN=1` writes them anew, which is a change of the protocol and has to be reviewed as one.
 */
const FOLDER = join(import.meta.dirname, "..", "golden", "protocol");

interface CohortVector {
  readonly product: string;
  readonly version: string;
  readonly device: string;
  readonly cohort: number;
}
interface DecisionVector extends AskedCase {
  readonly decision: Decision;
}

if (process.env.UPDATE_GOLDEN === "1") {
  const cohorts = ["agent", "edge-proxy"].flatMap((product) =>
    ["1.4.2", "2.0.0-rc.1"].flatMap((version) =>
      ["d-1", "d-2", "", "constructor", "gerät-ß", "a".repeat(128)].map((device) => ({
        product,
        version,
        device,
        cohort: cohort(product, version, device),
      })),
    ),
  );
  write("cohorts.json", cohorts);
  const cases = fc.sample(askedCase, { numRuns: 40, seed: 20_261_120 });
  write(
    "decisions.json",
    cases.map((asked) => ({ ...asked, decision: ask(asked) })),
  );
  write("decisions-at-barriers.json", [
    ...decidedBy(/ passes through it on the way to /),
    ...decidedBy(/^by way of /),
  ]);
  write("decisions-at-dead-ends.json", decidedBy(/ is a dead end: /));
  write("decisions-yanked-for-platform.json", decidedBy(/ is yanked for /));
}

/** Cases in which a rule said such a thing. */
function decidedBy(said: RegExp): DecisionVector[] {
  return fc
    .sample(askedCase, { numRuns: 4000, seed: 20_261_121 })
    .map((asked) => ({ ...asked, decision: ask(asked) }))
    .filter(({ decision }) => decision.trail.some(({ text }) => said.test(text)))
    .slice(0, 8);
}

function write(name: string, vectors: readonly object[]): void {
  writeFileSync(join(FOLDER, name), `[\n${vectors.map((vector) => JSON.stringify(vector)).join(",\n")}\n]\n`);
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
}

function ask({ policy, releases, device, installed, local, now }: AskedCase): Decision {
  return decide(policy, releases, device, { version: installed }, local, now);
}

it("cohorts are what they were when the first agent shipped", () => {
  for (const vector of read<CohortVector>("cohorts.json")) {
    assert.equal(cohort(vector.product, vector.version, vector.device), vector.cohort);
  }
});

it("whole decisions, trail included, are byte for byte what they were", () => {
  const actions = new Set(read<DecisionVector>("decisions.json").map(({ decision }) => decision.action));
  assert.ok(actions.size >= 6, "the vectors cover the actions");
  for (const name of readdirSync(FOLDER).filter((file) => file.startsWith("decisions"))) {
    for (const [index, { decision, ...asked }] of read<DecisionVector>(name).entries()) {
      assert.equal(JSON.stringify(ask(asked)), JSON.stringify(decision), `${name}, vector ${index}`);
    }
  }
});
