import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { versionFile, versionYankedOnArm } from "../../controller/rules/example-state.ts";
import type { RuleExample } from "../../controller/rules/rule.ts";
import { checkExample } from "./check-example.ts";

function found(example: RuleExample, rule: string): string[] {
  return checkExample(example)
    .filter((diagnostic) => diagnostic.rule === rule)
    .map(({ message }) => message);
}

const STABLE = "products/agent/channels/stable.yaml";
const V = (version: string): string => `products/agent/versions/${version}.yaml`;
const AT_2 = {
  "agent/stable": ["2.0.0", "1.5.0", "1.0.0"].map((version, daysAgo) => ({ version, daysAgo })),
};

describe("who is stranded", () => {
  const files = (middle: string, target = ""): Record<string, string> => ({
    [STABLE]: "version: 2.0.0\n",
    [V("1.5.0")]: versionFile("1.5.0", middle),
    [V("2.0.0")]: versionFile("2.0.0", target),
  });
  const stranded = (...args: Parameters<typeof files>): string[] =>
    found({ files: files(...args), history: AT_2 }, "version/strands-versions");

  it("is nobody where the barrier was on the channel", () => {
    assert.deepEqual(stranded("barrier: true\n"), []);
  });

  it("is who must go through a version that is yanked, by `upgradeFrom`; a yanked barrier holds nobody", () => {
    const yanked = "active: false\nyankReason: loses reports\n";
    assert.deepEqual(stranded(yanked, 'upgradeFrom: ">=1.5.0"\n'), [
      "no path of channel `stable` leads to `2.0.0` from 1.0.0",
    ]);
    assert.deepEqual(stranded(`${yanked}barrier: true\n`), []);
  });

  it("is who must go through a dead end", () => {
    const deadEnd = "deadEnd: {reason: cannot update itself}\n";
    assert.deepEqual(stranded(deadEnd, 'upgradeFrom: ">=1.5.0"\n'), [
      "no path of channel `stable` leads to `2.0.0` from 1.0.0",
    ]);
  });

  it("is who cannot reach the barrier itself", () => {
    assert.deepEqual(stranded('barrier: true\nupgradeFrom: ">=1.3.0"\n'), [
      "no path of channel `stable` leads to `2.0.0` from 1.0.0",
    ]);
  });
});

describe("a yank for some platforms", () => {
  const BOTH = versionFile("1.1.0", "", ["linux-x64", "linux-arm64"]);
  const OLD = versionFile("1.0.0", "", ["linux-x64", "linux-arm64"]);

  it("wants a reason, for itself and when it is taken back", () => {
    assert.deepEqual(
      found({ files: { [V("1.1.0")]: versionYankedOnArm("1.1.0", "") } }, "version/yanked-without-reason"),
      ["`1.1.0` is yanked for linux-arm64 without a reason"],
    );
    const back = (file: string): string[] =>
      found(
        {
          before: { [V("1.0.0")]: OLD, [V("1.1.0")]: versionYankedOnArm("1.1.0") },
          files: { [V("1.0.0")]: OLD, [V("1.1.0")]: file },
        },
        "version/reactivated-without-reason",
      );
    assert.deepEqual(back(BOTH), ["`1.1.0` is active again for linux-arm64 without a reason"]);
    assert.deepEqual(
      back(versionFile("1.1.0", "yankReason: the disk was full\n", ["linux-x64", "linux-arm64"])),
      [],
    );
    assert.deepEqual(back(versionYankedOnArm("1.1.0")), []);
  });

  it("of a version that was yanked as a whole takes the yank of the others back", () => {
    const whole = versionFile("1.1.0", "active: false\nyankReason: loses reports\n", [
      "linux-x64",
      "linux-arm64",
    ]);
    const example = { before: { [V("1.1.0")]: whole }, files: { [V("1.1.0")]: versionYankedOnArm("1.1.0") } };
    assert.deepEqual(found(example, "version/reactivated-without-reason"), [
      "`1.1.0` is active again for linux-x64 without a reason",
    ]);
  });

  it("names what each platform falls back to, also nothing", () => {
    const example = {
      files: { [V("1.0.0")]: versionYankedOnArm("1.0.0"), [V("1.1.0")]: versionYankedOnArm("1.1.0") },
      history: { "agent/stable": ["1.1.0", "1.0.0"].map((version, daysAgo) => ({ version, daysAgo })) },
    };
    const notes = checkExample(example).find(({ rule }) => rule === "channel/yanked-for-platform")?.notes;
    assert.deepEqual(notes, ["on linux-arm64 nothing is offered"]);
  });
});

describe("a version that is not promotable", () => {
  const UNPROMOTABLE = versionFile("1.1.0", "promotable: false\n");
  const promotes = (before: string | null, files: Record<string, string> = {}): string[] =>
    found(
      { before: { [STABLE]: before ?? "version: 1.1.0\n" }, files: { [V("1.1.0")]: UNPROMOTABLE, ...files } },
      "channel/promotes-unpromotable",
    );

  it("may stay, and goes to no new channel and not back to one that moved on", () => {
    assert.deepEqual(promotes(null), []);
    assert.equal(promotes("version: 1.0.0\n").length, 1);
    assert.equal(promotes(null, { "products/agent/channels/beta.yaml": "version: 1.1.0\n" }).length, 1);
  });

  it("leaves no channel behind: nothing waits for who cannot follow", () => {
    const lag = (more: string): string[] =>
      found(
        {
          files: {
            [STABLE]: "version: 1.0.0\npromotion: {from: beta}\nstaleAfter: 30d\n",
            "products/agent/channels/beta.yaml": "version: 1.1.0\n",
            [V("1.1.0")]: versionFile("1.1.0", more),
          },
          history: {
            "agent/beta": [{ version: "1.1.0", daysAgo: 45 }],
            "agent/stable": [{ version: "1.0.0", daysAgo: 90 }],
          },
        },
        "channel/behind-source",
      );
    assert.equal(lag("").length, 1);
    assert.deepEqual(lag("promotable: false\n"), []);
  });
});
