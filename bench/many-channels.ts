/**
 * How long the rules take on one product with many versions and many channels, with barriers among them: the shape of a
 * fleet that has lived for years. The peer is a quarter of the same input, so that a ratio near 4 is n log n and one
 * near 16 is quadratic.
 */

import type { RuleContext } from "../controller/rules/rule.ts";
import { RULES } from "../controller/rules/rules.ts";
import { runRules } from "../controller/rules/run-rules.ts";
import type { ChannelHistories } from "../controller/source/promotion-record.ts";
import type { Snapshot, SnapshotFile } from "../controller/source/snapshot.ts";
import { readState } from "../controller/state/read-state.ts";
import { sha256Hex } from "../protocol/digest.ts";
import { versionText } from "./generate-state.ts";
import { interleave, printTable } from "./measure.ts";

const WHOLE = { versions: 1400, channels: 76 } as const;
const NOW = 1_795_176_000;
const ROUNDS = 5;

interface Shape {
  readonly versions: number;
  readonly channels: number;
}

export async function benchManyChannels(): Promise<void> {
  const quarter = { versions: WHOLE.versions / 2, channels: WHOLE.channels / 2 };
  const rows = await interleave(
    ROUNDS,
    [quarter, WHOLE].map((shape) => ({
      name: `${shape.versions.toLocaleString("en")} versions, ${shape.channels} channels`,
      unit: "ms",
      once: async () => timeRules(shape),
    })),
  );
  printTable("all rules over one product, nothing kept from before", rows);
}

function timeRules(shape: Shape): number {
  // Read anew each time: what the rules work out is kept with the documents that it is about.
  const context: RuleContext = {
    state: readState(snapshotOf(shape)).sound,
    histories: historiesOf(shape),
    now: NOW,
  };
  const start = performance.now();
  const found = runRules(RULES, context);
  const taken = performance.now() - start;
  const error = found.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`the generated state has an error: ${error.message}`);
  return taken;
}

function versionAt(index: number): string {
  return `${1 + Math.trunc(index / 100)}.${index % 100}.0`;
}

/** What a channel pointed to, newest first: every fourth version, none of them another channel's newest. */
function pointedTo({ versions }: Shape, channel: number): string[] {
  const known: string[] = [];
  for (let index = versions - 1 - (channel % 40); index >= 0; index -= 4) known.push(versionAt(index));
  return known;
}

function snapshotOf(shape: Shape): Snapshot {
  const files: [string, string][] = [
    ["fleet.yaml", "schemaVersion: 1\ndefaultChannel: channel-0\n"],
    ["products/agent/product.yaml", "description: The agent.\n"],
  ];
  for (let channel = 0; channel < shape.channels; channel++) {
    const [version] = pointedTo(shape, channel);
    files.push([`products/agent/channels/channel-${channel}.yaml`, `version: ${version}\n`]);
  }
  for (let index = 0; index < shape.versions; index++) {
    const version = versionAt(index);
    const isBarrier = index % 100 === 50;
    const text = versionText("agent", version).replace(
      /^upgradeFrom.*$/m,
      isBarrier ? "barrier: true" : "$&",
    );
    files.push([`products/agent/versions/${version}.yaml`, text]);
  }
  const listed = files.map(([path, text]): SnapshotFile => {
    const bytes = Buffer.from(text);
    return { path, blob: sha256Hex(bytes), bytes };
  });
  listed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { commit: "worktree", committedAt: NOW, files: listed, irregular: [] };
}

function historiesOf(shape: Shape): ChannelHistories {
  return new Map(
    Array.from({ length: shape.channels }, (_, channel) => [
      `agent/channel-${channel}`,
      pointedTo(shape, channel).map((version, age) => ({
        version,
        at: NOW - age * 3600,
        commit: sha256Hex(version).slice(0, 40),
        author: "Ada Example <ada@acme.example>",
        subject: `promote ${version}`,
      })),
    ]),
  );
}
