import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { describe, it } from "node:test";
import fc from "fast-check";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { startByCommits, startPromotions } from "../../controller/desired/start-promotions.ts";
import { writeKeyFile } from "../../controller/keys/key-file.ts";
import { onlineKeyPath } from "../../controller/keys/state-folder-keys.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import { exportState } from "../../controller/serve/export-state.ts";
import type { PromotionRecord } from "../../controller/source/promotion-record.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import type { ChannelPolicy, ProductPolicy, Promotion } from "../../protocol/policy.ts";
import { readProductPolicy } from "../../protocol/read-policy.ts";
import { channel, product } from "../protocol/build-policies.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { COMMITTED_AT, SAMPLE, sampleModel } from "./sample-model.ts";
import { SampleKeys, temporaryFolder } from "./sample-publisher.ts";

const DAY = 86_400;
const NOW = COMMITTED_AT + 100 * DAY;

/** The promotion of commit `id` (one digit), which was committed at `at`. */
function promoted(version: string, id: string, at: number): PromotionRecord {
  return { version, at, commit: id.repeat(40), author: "A <a@b.example>", subject: "promote" };
}

/** What each promotion of a channel is published with, newest first. */
function startsOf({ current, previous }: ChannelPolicy): [string, number, Promotion["startedBy"]][] {
  return [current, ...previous].map(({ version, at, startedBy }) => [version, at, startedBy]);
}

/** A publisher over a state whose channel `stable` has these promotions, newest first. */
function published(
  publisher: Publisher,
  promotions: readonly PromotionRecord[],
  now: number,
  model?: FleetModel,
) {
  const [current] = promotions;
  assert.ok(current !== undefined);
  const stable = { stable: { version: current.version } };
  const state = { ...SAMPLE, products: { agent: { ...SAMPLE.products?.agent, channels: stable } } };
  const read = model ?? { ...sampleModel(state, current.commit), committedAt: current.at };
  const histories = new Map([["agent/stable", promotions]]);
  const manifest = publisher.publish(read, desiredPolicies(read, histories), now);
  const bytes = manifest.documents.get("policy/product/agent.json");
  assert.ok(bytes !== undefined);
  const policy = readProductPolicy(bytes).channels.stable;
  assert.ok(policy !== undefined);
  return { version: manifest.version, bytes: bytes.toString(), starts: startsOf(policy) };
}

function open(stateFolder: string): Publisher {
  return Publisher.open({ stateFolder, devKeys: true, onlineKeyFile: undefined }).publisher;
}

const FIRST = promoted("1.0.0", "1", NOW - 9 * DAY);

test("a back-dated promotion begins when it is published, and what was published keeps its time", (t) => {
  const folder = temporaryFolder(t);
  published(open(folder), [FIRST], NOW);
  const backdated = promoted("1.1.0", "2", NOW - 30 * DAY);
  const later = published(open(folder), [backdated, FIRST], NOW + DAY);
  assert.deepEqual(later.starts, [
    ["1.1.0", NOW + DAY, "publication"],
    ["1.0.0", NOW - 9 * DAY, undefined],
  ]);
  const restarted = published(open(folder), [backdated, FIRST], NOW + 2 * DAY);
  assert.equal(restarted.bytes, later.bytes, "a restart is no publication");
});

test("a promotion from the future begins now, and stays there", (t) => {
  const folder = temporaryFolder(t);
  published(open(folder), [FIRST], NOW);
  const future = promoted("1.1.0", "2", NOW + 1000 * DAY);
  const first = published(open(folder), [future, FIRST], NOW + DAY);
  assert.deepEqual(first.starts[0], ["1.1.0", NOW + DAY, "publication"]);
  assert.equal(published(open(folder), [future, FIRST], NOW + 2 * DAY).bytes, first.bytes);
});

test("promotions that arrive together begin together, and one that was passed over begins when somebody goes back to it", (t) => {
  const publisher = open(temporaryFolder(t));
  published(publisher, [FIRST], NOW);
  const second = promoted("1.1.0", "2", NOW - 5 * DAY);
  const third = promoted("1.0.0", "3", NOW - 4 * DAY);
  const { starts } = published(publisher, [third, second, FIRST], NOW + DAY);
  assert.deepEqual(
    starts.map(([, at]) => at),
    [NOW + DAY, NOW + DAY, FIRST.at],
  );
  const back = published(publisher, [second, FIRST], NOW + 9 * DAY).starts;
  assert.deepEqual(back[0], ["1.1.0", NOW + 9 * DAY, "publication"]);
  const further = published(publisher, [FIRST], NOW + 10 * DAY).starts;
  assert.deepEqual(further, [["1.0.0", FIRST.at, undefined]], "this one the channel had offered");
});

test("keys that this start makes count from the commits' times, since no machine can know them", (t) => {
  const folder = temporaryFolder(t);
  const future = promoted("1.1.0", "2", NOW + DAY);
  assert.deepEqual(published(open(folder), [future, FIRST], NOW).starts, [
    ["1.1.0", NOW, "publication"],
    ["1.0.0", FIRST.at, undefined],
  ]);
});

test("a lost memory makes every rollout begin again: a lost manifest, and production keys in a new folder", (t) => {
  const folder = temporaryFolder(t);
  const second = promoted("1.1.0", "2", NOW - DAY);
  published(open(folder), [second, FIRST], NOW);
  rmSync(join(folder, "manifest-dev"), { recursive: true });
  const again = published(open(folder), [second, FIRST], NOW + DAY);
  assert.deepEqual(
    again.starts.map(([, at]) => at),
    [NOW + DAY, NOW + DAY],
  );

  const keys = new SampleKeys();
  const production = temporaryFolder(t);
  writeKeyFile(onlineKeyPath(production), keys.online);
  writeFileSync(join(production, "naming-secret"), `${"5e".repeat(32)}\n`, { mode: 0o600 });
  const model = sampleModel(SAMPLE, second.commit);
  const signed = { ...model, committedAt: second.at, trust: keys.trust(model, NOW) };
  const first = published(open(production), [second, FIRST], NOW, signed);
  assert.deepEqual(
    first.starts.map(([, at]) => at),
    [NOW, NOW],
  );
});

test("a clock that is set back neither restarts what runs nor opens what is new", (t) => {
  const publisher = open(temporaryFolder(t));
  published(publisher, [FIRST], NOW);
  const second = promoted("1.1.0", "2", NOW + DAY);
  published(publisher, [second, FIRST], NOW + DAY);
  const third = promoted("1.0.0", "3", NOW + 2 * DAY);
  const { starts } = published(publisher, [third, second, FIRST], 1000);
  assert.deepEqual(
    starts.map(([, at]) => at),
    [NOW + DAY, NOW + DAY, FIRST.at],
  );
});

describe("over any publications of one channel", () => {
  const pool = ["1", "2", "3", "4"].map((id, i) => promoted(`1.${i % 3}.0`, id, NOW + (i - 2) * 20 * DAY));
  const commits = fc
    .shuffledSubarray(pool, { minLength: 1 })
    .map(([first, ...rest]) => [first, ...rest].filter((entry) => entry !== undefined));
  const policyOf = (promotions: readonly PromotionRecord[]): ProductPolicy => {
    const [current, ...previous] = promotions.map(({ version, at, commit }) => ({ version, at, commit }));
    assert.ok(current !== undefined);
    return product({ channels: { stable: { ...channel([current.version]), current, previous } } });
  };
  const stable = (policy: ProductPolicy | undefined): ChannelPolicy => {
    const said = policy?.channels.stable;
    assert.ok(said !== undefined);
    return said;
  };

  it("nothing begins in the future nor before it was published as current, and equal state gives equal bytes", () => {
    const run = fc.array(fc.record({ commits, wait: fc.integer({ min: 0, max: 3 * DAY }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(run, (publications) => {
        let now = NOW;
        let last: ProductPolicy | undefined;
        const shownAt = new Map<string, number>();
        for (const publication of publications) {
          now += publication.wait;
          const policy = startPromotions(last, policyOf(publication.commits), now);
          const again = startPromotions(policy, policyOf(publication.commits), now + DAY);
          assert.equal(JSON.stringify(again), JSON.stringify(policy));
          const { current, previous } = stable(policy);
          for (const { at } of [current, ...previous]) assert.ok(at <= now);
          const key = current.commit;
          const known = shownAt.get(key);
          assert.ok(current.at >= (known ?? now), "never faster than its first publication");
          if (known === undefined) shownAt.set(key, now);
          last = policy;
        }
      }),
    );
  });

  it("by commits nothing begins in the future either, and what is past keeps its time", () => {
    fc.assert(
      fc.property(commits, (promotions) => {
        const { current, previous } = stable(startByCommits(policyOf(promotions), NOW));
        for (const [i, { at, startedBy }] of [current, ...previous].entries()) {
          const committedAt = promotions[i]?.at ?? 0;
          assert.equal(at, Math.min(committedAt, NOW));
          assert.equal(startedBy, committedAt > NOW ? "publication" : undefined);
        }
      }),
    );
  });
});

test("a fast-forward of an old branch opens no wave, neither for a controller that runs nor for one that lost its folder", async (t) => {
  const state = await StateRepository.create(t);
  const waves = "rollout: {waves: [{percent: 50, after: 1h}, {percent: 100, after: 2d}]}\n";
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0", waves);
  assert.equal((await fairlead(["keys", "init"], { cwd: state.directory })).code, 0);
  await state.commit("lantern 1.0.0");
  const folder = join(temporaryFolder(t), "state");
  let now = Math.floor(Date.now() / 1000);
  const start = now;
  const exported = async (stateFolder: string) => {
    now += 600;
    const out = join(temporaryFolder(t), "out");
    const { isFirst, commit } = await exportState({
      source: {
        location: { kind: "local", folder: state.directory },
        ref: "HEAD",
        path: "",
        mirrorsFolder: join(stateFolder, "mirrors"),
      },
      stateFolder,
      signers: undefined,
      devKeys: false,
      onlineKeyFile: join(state.directory, "keys", "online.json"),
      artifactFolder: join(state.directory, "artifacts"),
      out,
      now,
    });
    const targets = join(out, "targets/policy/product");
    // What was exported before stays for a while, for agents that are reading it.
    const policy = readdirSync(targets)
      .map((name) => readProductPolicy(readFileSync(join(targets, name))))
      .find((one) => one.commit === commit);
    const stable = policy?.channels.stable;
    assert.ok(stable !== undefined);
    return { isFirst, starts: startsOf(stable).map(([version, at]) => [version, at - start]) };
  };
  assert.deepEqual(await exported(folder), { isFirst: true, starts: [["1.0.0", 600]] });

  for (const [version, days] of [
    ["1.1.0", 40],
    ["1.2.0", 30],
  ] as const) {
    await state.point("stable", version, waves);
    const old = `${start - days * DAY} +0000`;
    await runOk("git", ["commit", "-q", "-a", "-m", `promote ${version}`], {
      cwd: state.directory,
      env: { GIT_COMMITTER_DATE: old, GIT_AUTHOR_DATE: old },
    });
  }
  const starts = [
    ["1.2.0", 1200],
    ["1.1.0", 1200],
    ["1.0.0", 600],
  ];
  assert.deepEqual(await exported(folder), { isFirst: false, starts });
  assert.deepEqual((await exported(folder)).starts, starts);
  const lost = (await exported(join(temporaryFolder(t), "state"))).starts;
  assert.deepEqual(
    lost.map(([, at]) => at),
    [2400, 2400, 2400],
  );
});
