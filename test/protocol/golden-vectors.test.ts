import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import fc from "fast-check";
import { cohort } from "../../protocol/cohort.ts";
import { decide } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { type AskedCase, askedCase } from "./arbitrary-policies.ts";
import {
  canonicalVectors,
  documentVectors,
  nameVectors,
  versionVectors,
  windowVectors,
} from "./form-vectors.ts";
import { NAMED_CASES } from "./vector-cases.ts";

/**
 * The vectors of docs/protocol.md, which must never change again: an agent in the field, in whatever language, and a
 * controller of another version have to agree. `UPDATE_GOLDEN=1` writes them anew, which is a change of the protocol
 * and has to be reviewed as one. They are published: other implementations test themselves with them.
 */
const FOLDER = join(import.meta.dirname, "..", "..", "protocol", "vectors");

const SEED = 20_261_120;

/** What random cases may miss: two vectors of each. */
const SEEN_IN_VECTORS: readonly ((decision: Decision, asked: AskedCase) => boolean)[] = [
  (decision) => says(decision, /is not opened yet/),
  (decision) => says(decision, /was not opened before the channel moved on/),
  (decision) => says(decision, /turn comes at .* its `startsAt`/),
  (decision) => says(decision, /waves count from .* its first publication/),
  (decision) => says(decision, /need not wait for that again/),
  (decision, { policy, releases }) => {
    const channel = policy.product.channels[decision.channel ?? ""];
    const severity = releases.find(({ version }) => version === channel?.current.version)?.severity;
    const bySeverity = channel?.rollout?.bySeverity !== undefined && severity === "security";
    return bySeverity && says(decision, /turn comes at/);
  },
];

function says({ trail }: Decision, text: RegExp): boolean {
  return trail.some((entry) => entry.rule === "rollout" && text.test(entry.text));
}

interface CohortVector {
  readonly product: string;
  readonly version: string;
  readonly device: string;
  readonly cohort: number;
}
interface DecisionVector extends AskedCase {
  /** The sentence of the page that it is about. */
  readonly name?: string;
  readonly decision: Decision;
}

/** All that a decision can say: the brackets, refusals and waits of docs/protocol.md. */
const SAID = [
  ...["paused stop", "paused pass", "channel set", "channel stop"],
  ...["unknownDevices pass", "unknownDevices stop", "target set", "target skip", "target stop"],
  ...["minVersion set", "minVersion pass", "compare set", "compare pass", "compare stop"],
  ...["path pass", "path stop", "requires set", "requires pass", "requires stop", "blocked stop"],
  ...["rollout set", "rollout pass", "rollout skip", "rollout stop"],
  ...["freeze skip", "freeze stop", "window pass", "window skip", "window stop"],
  ...["autoUpdate skip", "autoUpdate stop"],
  ...["paused", "none", "stay", "update", "rollback"],
  ...["unknown-channel", "pinned-version-unavailable", "no-such-release", "no-artifact-for-platform"],
  ...["downgrade-not-declared", "downgrade-not-signed", "no-path", "dead-end", "requirement-not-met"],
  ...["unknown-device", "installed-version-unreadable", "version-scheme-not-signed", "not-installed"],
  ...["wave", "halt", "freeze", "window", "request", "backoff"],
];

/** What is not a decision. */
const FORMS: Readonly<Record<string, () => object[]>> = {
  "canonical-json.json": canonicalVectors,
  "documents.json": documentVectors,
  "names.json": nameVectors,
  "versions.json": versionVectors,
  "windows.json": windowVectors,
};

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
  for (const [name, vectors] of Object.entries(FORMS)) write(name, vectors());
  write(
    "decisions-by-rule.json",
    NAMED_CASES.map((asked) => ({ ...asked, decision: ask(asked) })),
  );
  const cases = [
    ...fc.sample(askedCase, { numRuns: 40, seed: SEED }),
    ...SEEN_IN_VECTORS.flatMap((seen) =>
      fc.sample(
        askedCase.filter((asked) => seen(ask(asked), asked)),
        { numRuns: 2, seed: SEED },
      ),
    ),
  ];
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
  const misfits = Map.groupBy(decidedBy(/ cannot run here: /, 1000), ({ decision }) => decision.action);
  write(
    "decisions-at-requirements.json",
    [...misfits.values()].flatMap((some) => some.slice(0, 12)),
  );
}

/** Cases in which a rule said such a thing. */
function decidedBy(said: RegExp, most = 8): DecisionVector[] {
  return fc
    .sample(askedCase, { numRuns: 4000, seed: 20_261_121 })
    .map((asked) => ({ ...asked, decision: ask(asked) }))
    .filter(({ decision }) => decision.trail.some(({ text }) => said.test(text)))
    .slice(0, most);
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
  const all = readdirSync(FOLDER)
    .filter((file) => file.startsWith("decisions"))
    .flatMap((name) => read<DecisionVector>(name).map((vector, index) => ({ name, index, vector })));
  for (const seen of SEEN_IN_VECTORS) {
    assert.ok(
      all.some(({ vector: { decision, ...asked } }) => seen(decision, asked)),
      `${seen}`,
    );
  }
  const actions = new Set(all.map(({ vector }) => vector.decision.action));
  assert.ok(actions.size >= 6, "the vectors cover the actions");
  for (const { name, index, vector } of all) {
    const { decision, ...asked } = vector;
    const what = `${name}, ${vector.name ?? `vector ${index}`}`;
    assert.equal(JSON.stringify(ask(asked)), JSON.stringify(decision), what);
  }
});

for (const [name, compute] of Object.entries(FORMS)) {
  it(`${name} says what this implementation does`, () => {
    assert.deepEqual(read(name), JSON.parse(JSON.stringify(compute())));
  });
}

it("every question that is asked by name is among the vectors, under a name of its own", () => {
  const names = read<DecisionVector>("decisions-by-rule.json").map(({ name }) => name);
  assert.deepEqual(
    names,
    NAMED_CASES.map(({ name }) => name),
  );
  assert.equal(new Set(names).size, names.length);
});

it("every rule with each of its outcomes, every refusal and every wait is among the vectors by name", () => {
  const decisions = read<DecisionVector>("decisions-by-rule.json").map(({ decision }) => decision);
  const trails = decisions.flatMap(({ trail }) => trail.map(({ rule, outcome }) => `${rule} ${outcome}`));
  const codes = decisions.map((decision) => (decision.action === "refuse" ? decision.code : decision.action));
  const waits = decisions.map((decision) =>
    decision.action === "wait" ? decision.waitingFor : decision.action,
  );
  assert.deepEqual(
    SAID.filter((said) => ![...trails, ...codes, ...waits].includes(said)),
    [],
  );
  assert.deepEqual(
    trails.filter((said) => !SAID.includes(said)),
    [],
  );
});

it("machines that lack what a version requires are among them, for each requirement and each thing that becomes of them", () => {
  const vectors = read<DecisionVector>("decisions-at-requirements.json");
  const lacking = vectors.flatMap(({ decision }) => decision.misfit?.unmet.map(({ name }) => name) ?? []);
  assert.deepEqual(
    ["glibc", "kernel", "os", "cpu", "memory", "disk"].filter((name) => !lacking.includes(name)),
    [],
  );
  assert.ok(new Set(vectors.map(({ decision }) => decision.action)).size >= 4);
});
