import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import type { HaltOverlay, OpenedOverlay } from "../../controller/desired/overlay.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import type { PromotionRecord } from "../../controller/source/promotion-record.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import { readProductPolicy } from "../../protocol/read-policy.ts";
import type { ChannelState } from "../../schemas/state.generated.ts";
import { SAMPLE, sampleModel, version } from "../publish/sample-model.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";

const NOW = 1_795_000_000;
const WAVES = {
  waves: [
    { percent: 1, after: "0s" },
    { percent: 10, after: "4h" },
    { percent: 100, after: "1d" },
  ],
};

/** A publisher, and commits of channel `stable` of `agent`, one after the other. */
class Channel {
  readonly folder: string;
  private publisher: Publisher;
  private history: PromotionRecord[] = [];
  private commits = 0;
  private now = NOW;

  constructor(t: TestContext) {
    this.folder = temporaryFolder(t);
    this.publisher = this.open();
  }

  private open(): Publisher {
    return Publisher.open({ stateFolder: this.folder, devKeys: true, onlineKeyFile: undefined }).publisher;
  }

  restart(): void {
    this.publisher = this.open();
  }

  /** Publishes the next commit. @param rewritten all commits of the history have other ids than before */
  commit(state: ChannelState, rewritten = false): ChannelPolicy {
    const id = String(++this.commits).repeat(40);
    if (rewritten)
      this.history = this.history.map((record) => ({ ...record, commit: `a${record.commit.slice(1)}` }));
    if (this.history[0]?.version !== state.version) {
      const [left, ...earlier] = this.history;
      // As history says it where something else than time opens waves, and nobody has.
      if (left !== undefined && state.rollout?.advance !== undefined)
        this.history = [{ ...left, opened: 0 }, ...earlier];

      this.history.unshift({
        version: state.version,
        at: this.tick(),
        commit: id,
        author: "A <a@example.com>",
        subject: "promote",
      });
    }
    const versions = ["1.0.0", "1.1.0", "1.2.0"].map((number) => version("agent", number));
    const model = sampleModel(
      { ...SAMPLE, products: { agent: { channels: { stable: state }, versions } } },
      id,
    );
    const histories = new Map([["agent/stable", this.history]]);
    return channelOf(this.publisher.publish(model, desiredPolicies(model, histories), this.tick()));
  }

  /** @returns the channel as it is published by that; `undefined`: nothing is */
  overlays(...overlays: Parameters<Publisher["takeOverlays"]>[0]): ChannelPolicy | undefined {
    this.publisher.takeOverlays(overlays);
    const published = this.publisher.publishOverlays(this.tick());
    return published === undefined ? undefined : channelOf(published);
  }

  get restored(): ChannelPolicy {
    const { restored } = Publisher.open({
      stateFolder: this.folder,
      devKeys: true,
      onlineKeyFile: undefined,
    });
    assert.ok(restored.manifest);
    return channelOf(restored.manifest);
  }

  tick(): number {
    this.now += 60;
    return this.now;
  }
}

/** As an agent reads it. */
function channelOf(manifest: PublishedManifest): ChannelPolicy {
  const bytes = manifest.documents.get("policy/product/agent.json");
  assert.ok(bytes);
  const channel = readProductPolicy(bytes).channels.stable;
  assert.ok(channel);
  return channel;
}

function halt(channel: ChannelPolicy, at = NOW + 10_000): HaltOverlay {
  const { version, commit } = channel.current;
  const reason = "3 of 4 failed, more than 2%";
  return { kind: "halt", product: "agent", channel: "stable", version, commit, reason, at };
}

function opened(channel: ChannelPolicy, waves: number): OpenedOverlay {
  const { version, commit } = channel.current;
  return { kind: "opened", product: "agent", channel: "stable", version, commit, waves, at: NOW };
}

test("a halt by the gate is signed into policy, and an equal one is published once", (t) => {
  const channel = new Channel(t);
  const before = channel.commit({ version: "1.1.0" });
  const overlay = halt(before);
  const after = channel.overlays(overlay);
  assert.deepEqual(after?.halted, { reason: overlay.reason, at: overlay.at, by: "gate" });
  assert.equal(channel.overlays(overlay), undefined);
});

test("a halt by a commit keeps its words, and the gate's outlasts it", (t) => {
  const channel = new Channel(t);
  const before = channel.commit({ version: "1.1.0" });
  channel.overlays(halt(before));
  const both = channel.commit({ version: "1.1.0", halted: { version: "1.1.0", reason: "loses reports" } });
  assert.equal(both.halted?.reason, "loses reports");
  assert.equal(both.halted?.by, undefined);
  assert.equal(both.halted?.gate?.at, NOW + 10_000);
  // The person takes the own halt back, and has not looked at the gate's.
  assert.equal(channel.commit({ version: "1.1.0" }).halted?.by, "gate");
});

test("a lost store of the fleet lifts no halt, not over a restart and not by saying that there is nothing", (t) => {
  const channel = new Channel(t);
  channel.overlays(halt(channel.commit({ version: "1.1.0" })));
  channel.restart();
  assert.equal(channel.restored.halted?.by, "gate");
  assert.equal(channel.overlays(), undefined);
  assert.equal(channel.commit({ version: "1.1.0", minVersion: "1.0.0" }).halted?.by, "gate");
  channel.restart();
  assert.equal(channel.commit({ version: "1.1.0" }).halted?.by, "gate");
});

test("a lost manifest lifts no halt that the store of the fleet knows", (t) => {
  const channel = new Channel(t);
  const overlay = halt(channel.commit({ version: "1.1.0" }));
  channel.overlays(overlay);
  rmSync(join(channel.folder, "dev"), { recursive: true, force: true });
  rmSync(join(channel.folder, "manifest"), { recursive: true, force: true });
  channel.restart();
  assert.equal(channel.overlays(overlay), undefined, "nothing is served yet that it could be added to");
  assert.equal(channel.commit({ version: "1.1.0" }).halted?.by, "gate");
});

test("the channel moves on: the halt has ended, and what was halted is no fallback", (t) => {
  const channel = new Channel(t);
  channel.commit({ version: "1.0.0" });
  channel.overlays(halt(channel.commit({ version: "1.1.0" })));
  const next = channel.commit({ version: "1.2.0" });
  assert.equal(next.halted, undefined);
  assert.deepEqual(
    next.previous.map((promotion) => [promotion.version, promotion.halted ?? false]),
    [
      ["1.1.0", true],
      ["1.0.0", false],
    ],
  );
  // Also when nobody remembers the overlay any more.
  channel.restart();
  assert.equal(channel.commit({ version: "1.2.0", minVersion: "1.0.0" }).previous[0]?.halted, true);
});

test("a resumption ends the halts up to its time, and stays so when it is removed; a later halt holds again", (t) => {
  const channel = new Channel(t);
  const overlay = halt(channel.commit({ version: "1.1.0" }));
  channel.overlays(overlay);
  const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const early = { version: "1.1.0", at: at(overlay.at - 1), reason: "one site's proxy" };
  assert.equal(channel.commit({ version: "1.1.0", resumed: early }).halted?.by, "gate");
  const resumed = { version: "1.1.0", at: at(overlay.at), reason: "one site's proxy" };
  assert.equal(channel.commit({ version: "1.1.0", resumed }).halted, undefined);
  // The store has not ended it yet.
  assert.equal(channel.overlays(overlay), undefined);
  assert.equal(channel.overlays(halt(channel.restored, overlay.at + 5))?.halted?.at, overlay.at + 5);
});

test("what a commit has ended does not come back when the commit's word is removed", (t) => {
  const channel = new Channel(t);
  const overlay = halt(channel.commit({ version: "1.1.0" }));
  channel.overlays(overlay);
  const resumed = {
    version: "1.1.0",
    at: new Date(overlay.at * 1000).toISOString(),
    reason: "one site's proxy",
  };
  channel.commit({ version: "1.1.0", resumed });
  assert.equal(channel.commit({ version: "1.1.0" }).halted, undefined);
});

test("a rewritten history lifts no halt of the version that the channel still points to", (t) => {
  const channel = new Channel(t);
  channel.overlays(halt(channel.commit({ version: "1.1.0" })));
  assert.equal(channel.commit({ version: "1.1.0" }, true).halted?.by, "gate");
});

test("promoted again after another, a version begins without the old halt", (t) => {
  const channel = new Channel(t);
  channel.overlays(halt(channel.commit({ version: "1.1.0" })));
  channel.commit({ version: "1.2.0" });
  assert.equal(channel.commit({ version: "1.1.0" }).halted, undefined);
});

test("health opens waves where the channel lets it, and no more than there are", (t) => {
  const channel = new Channel(t);
  const byHealth = { ...WAVES, advance: "healthy" as const };
  const before = channel.commit({ version: "1.1.0", rollout: byHealth });
  assert.equal(before.rollout?.opened, 0);
  const one = channel.overlays(opened(before, 1));
  assert.deepEqual([one?.rollout?.opened, one?.rollout?.openedByHealth], [1, 1]);
  assert.equal(channel.overlays(opened(before, 99))?.rollout?.opened, 3);
  // What a person opened is the floor.
  const byHand = channel.commit({
    version: "1.2.0",
    rollout: byHealth,
    opened: { version: "1.2.0", waves: 2 },
  });
  assert.equal(channel.overlays(opened(byHand, 1)), undefined);
  const byManual = channel.commit({ version: "1.1.0", rollout: { ...WAVES, advance: "manual" } });
  assert.equal(channel.overlays(opened(byManual, 2)), undefined);
  const byTime = channel.commit({ version: "1.2.0", rollout: WAVES });
  assert.equal(channel.overlays(opened(byTime, 2)), undefined);
});

test("at a start the fewer waves of both memories count, and the manifest's alone where the store has none", (t) => {
  const channel = new Channel(t);
  const rollout = { ...WAVES, advance: "healthy" as const };
  const before = channel.commit({ version: "1.1.0", rollout });
  channel.overlays(opened(before, 2));
  channel.restart();
  assert.equal(channel.overlays(), undefined);
  assert.equal(channel.commit({ version: "1.1.0", rollout }).rollout?.opened, 2);
  channel.restart();
  assert.equal(channel.overlays(opened(before, 1))?.rollout?.opened, 1);
  // From then on the store has the last word.
  assert.equal(channel.overlays(opened(before, 3))?.rollout?.opened, 3);
});

test("waves that health had opened are remembered of a version that the channel has left", (t) => {
  const channel = new Channel(t);
  const rollout = { ...WAVES, advance: "healthy" as const };
  const before = channel.commit({ version: "1.1.0", rollout });
  channel.overlays(opened(before, 2));
  const next = channel.commit({ version: "1.2.0", rollout });
  assert.equal(next.rollout?.opened, 0);
  assert.equal(next.previous[0]?.opened, 2);
});
