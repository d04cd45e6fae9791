import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
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
  const misfits = fc
    .sample(askedCase, { numRuns: 2000, seed: 20_261_121 })
    .map((asked) => ({ ...asked, decision: ask(asked) }))
    .filter(({ decision }) => decision.misfit !== undefined);
  write("misfits.json", misfits.slice(0, 30));
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
  const vectors = read<DecisionVector>("decisions.json");
  assert.ok(
    new Set(vectors.map(({ decision }) => decision.action)).size >= 6,
    "the vectors cover the actions",
  );
  requireSame(vectors);
});

it("so are those about machines that lack what a version requires", () => {
  const vectors = read<DecisionVector>("misfits.json");
  const lacking = vectors.flatMap(({ decision }) => decision.misfit?.unmet.map(({ name }) => name) ?? []);
  assert.deepEqual(
    ["glibc", "kernel", "os", "cpu", "memory", "disk"].filter((name) => !lacking.includes(name)),
    [],
    "the vectors cover the requirements",
  );
  assert.ok(
    new Set(vectors.map(({ decision }) => decision.action)).size >= 4,
    "the vectors cover what becomes of such a machine",
  );
  requireSame(vectors);
});

function requireSame(vectors: readonly DecisionVector[]): void {
  for (const [index, { decision, ...asked }] of vectors.entries()) {
    assert.equal(JSON.stringify(ask(asked)), JSON.stringify(decision), `vector ${index}`);
  }
}
