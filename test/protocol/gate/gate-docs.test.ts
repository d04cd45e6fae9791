import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CAUSES_AGAINST_RELEASE, FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";
import { alphaOfFleet } from "../../../protocol/gate/judge-gate.ts";
import { failuresToHalt } from "../../../protocol/gate/sequential-test.ts";
import { MAX_TENANT_SHARE } from "../../../protocol/policy.ts";
import { formatPpm, parsePercent, WHOLE_PPM } from "../../../protocol/share.ts";
import channelSchema from "../../../schemas/channel.schema.json" with { type: "json" };
import { TOP } from "../../support/run-command.ts";

const PAGE = readFileSync(join(TOP, "docs", "gate.md"), "utf8");

describe("docs/gate.md", () => {
  it("names the failures that halt, for each limit and number of devices of its table", () => {
    const rows = PAGE.split("\n").filter((line) =>
      /^\| (limit|[\d.]+ %) \|( [\d,]+( devices)? \|){10}$/.test(line),
    );
    const [head = [], ...table] = rows.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const devices = head.slice(1).map((cell) => Number(cell.replace(/,| devices/g, "")));
    assert.deepEqual([table.length, devices.length], [5, 10]);
    const alpha = alphaOfFleet({});
    for (const [limit = "", ...failures] of table) {
      const share = parsePercent(limit.replace(" ", "")) / WHOLE_PPM;
      assert.deepEqual(
        failures.map(Number),
        devices.map((count) => failuresToHalt(share, count, alpha)),
        limit,
      );
    }
  });

  it("lists the causes that count, and the default share of a tenant", () => {
    const said = PAGE.replace(/\s+/g, " ");
    assert.ok(said.includes(CAUSES_AGAINST_RELEASE.map((cause) => `\`${cause}\``).join(", ")));
    assert.ok(
      said.includes(`(${formatPpm(MAX_TENANT_SHARE).replace("%", " %")} unless the gate says otherwise)`),
    );
  });
});

describe("the schema of a gate", () => {
  it("knows the causes that devices report, in the order that its description speaks of", () => {
    const { causes } = channelSchema.properties.rollout.properties.gate.properties;
    assert.deepEqual(causes.items.enum, FAILURE_CAUSES);
  });
});
