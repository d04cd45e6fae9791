import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DesiredState } from "../../controller/desired/desired-state.ts";
import {
  checkExpectations,
  type ExpectationResult,
} from "../../controller/expectations/check-expectations.ts";
import { expectationsOf } from "../../controller/expectations/expectation.ts";
import type { InventoryRecord } from "../../controller/inventory/inventory-record.ts";
import { readDocument } from "../../controller/state/read-document.ts";
import type { Rollout, Wave } from "../../protocol/policy.ts";
import type { ExpectationsState } from "../../schemas/state.generated.ts";
import { devices, state } from "../plan/build-states.ts";
import { DAY, HOUR, T0 } from "../protocol/build-policies.ts";

/** What comes of one expectation, written as in a state file. */
function look(
  desired: DesiredState,
  text: string,
  records?: readonly InventoryRecord[],
  now = T0,
): ExpectationResult {
  const bytes = Buffer.from(`expect:\n  - {that: it, ${text}}\n`);
  const read = readDocument("expectations", { path: "expectations/it.yaml", blob: "", bytes });
  assert.ok(read.ok, read.ok ? "" : JSON.stringify(read.diagnostics));
  const document = { ...read.document, value: read.document.value as ExpectationsState };
  const expectations = expectationsOf({ expectations: new Map([["it", document]]) });
  const [result] = checkExpectations(desired, expectations, records, now);
  assert.ok(result !== undefined);
  return result;
}

/** Who goes against it, how and when; what came of it where nobody does. */
function found(result: ExpectationResult): string {
  switch (result.kind) {
    case "broken":
      return `${result.breach.machine.name} ${result.breach.found} +${(result.breach.at - T0) / HOUR}h`;
    case "too-many":
      return `${result.worst.of} ${result.worst.share / 10_000}% +${(result.worst.at - T0) / HOUR}h`;
    default:
      return result.kind;
  }
}

/** `stable` goes from 1.3.0 to 1.4.0 at `T0`. */
function promoting(rollout?: Rollout, rest: Parameters<typeof state>[1] = {}): DesiredState {
  return state(
    {
      channels: {
        stable: {
          current: { version: "1.4.0", at: T0, commit: "c" },
          previous: [{ version: "1.3.0", at: T0 - 90 * DAY, commit: "b" }],
          ...(rollout === undefined ? {} : { rollout }),
        },
        nightly: { current: { version: "1.5.0", at: T0 - DAY, commit: "n" }, previous: [] },
      },
    },
    rest,
  );
}

function steps(...waves: [percent: number, hours: number][]): Rollout {
  return { strategy: "steps", waves: waves.map(wave) };
}

function wave([percent, hours]: [percent: number, hours: number]): Wave {
  return { ppm: percent * 10_000, after: hours * HOUR };
}

describe("what must be decided", () => {
  test("is looked at for the first and the last of the queue, where no inventory tells of machines", () => {
    const desired = promoting(steps([10, 0], [100, 24]));
    assert.match(
      found(look(desired, "for: {tenant: acme, platform: linux-x64}, decides: {version: 1.3.0}")),
      /the first 10% of the channel\) runs agent 1\.4\.0 \+0h$/,
    );
    assert.match(
      found(look(desired, "for: {tenant: acme, platform: linux-x64}, decides: {version: 1.4.0}")),
      /10% to 100% of the channel\) runs agent 1\.3\.0 \+0h$/,
    );
    const after = `from: ${new Date((T0 + DAY) * 1000).toISOString().slice(0, 16)}Z`;
    assert.equal(found(look(desired, `${after}, decides: {version: 1.4.0}`)), "holds");
    assert.equal(found(look(desired, 'decides: {version: ">=1.3.0 <1.5.0"}')), "holds");
  });

  test("is looked at where a pin ends, and not after `until`", () => {
    const pinned = promoting(undefined, {
      products: { agent: { pin: { version: "1.3.0", expires: T0 + 40 * DAY } } },
    });
    const end = (days: number): string => new Date((T0 + days * DAY) * 1000).toISOString().slice(0, 10);
    const text = (days: number): string =>
      `for: {tenant: acme}, until: ${end(days)}, decides: {version: 1.3.0}`;
    assert.equal(found(look(pinned, text(40))), "holds");
    assert.match(found(look(pinned, text(42))), /of tenant acme on .* runs agent 1\.4\.0 \+960h$/);
  });

  test("is looked at where a freeze begins, for who waits to be asked", () => {
    const frozen = promoting(undefined, {
      autoUpdate: false,
      freeze: [{ from: T0 + DAY, to: T0 + 3 * DAY, reason: "audit" }],
    });
    const records = devices(1);
    assert.equal(found(look(frozen, "decides: {action: hold}", records)), "holds");
    const result = look(frozen, "decides: {action: paused}", records);
    assert.equal(found(result), "d-0 waits for 1.4.0 +0h");
    const moments = result.kind === "broken" ? result.breach.machine.moments(T0) : [];
    const waits = moments.map(({ at, decision }) => [
      (at - T0) / HOUR,
      decision.action === "wait" ? decision.waitingFor : decision.action,
    ]);
    assert.deepEqual(waits, [
      [0, "request"],
      [24, "freeze"],
      [72, "request"],
    ]);
  });

  test("of one time is what a machine is told first then, and what it runs at the end of that second", () => {
    const desired = promoting(steps([100, 5]));
    const at = `at: ${new Date((T0 + 5 * HOUR) * 1000).toISOString().slice(0, 16)}Z`;
    assert.equal(
      found(look(desired, `${at}, decides: {action: update, version: 1.4.0}`, devices(3))),
      "holds",
    );
    assert.equal(found(look(desired, `${at}, decides: {action: stay}`, devices(3))), "d-0 goes to 1.4.0 +5h");
  });
});

test("a machine on a paused channel is taken to run what that pointed to before", () => {
  const current = { version: "1.4.0", at: T0, commit: "c" };
  const previous = [{ version: "1.3.0", at: T0 - 90 * DAY, commit: "b" }];
  const paused = state({ channels: { stable: { current, previous, paused: {} } } });
  assert.equal(found(look(paused, "decides: {version: 1.3.0, action: paused}")), "holds");
});

describe("what must never be", () => {
  const tenant: Parameters<typeof state>[1] = {
    sites: { berlin: { channel: "nightly" } },
    groups: [{ name: "clinics", devices: [], match: { kind: ["clinic", "ward"] }, channel: "stable" }],
  };

  test("is found in the place that would bring it, and not where a nearer one stands above it", () => {
    const never = "never: {channel: nightly}";
    assert.match(found(look(promoting(undefined, tenant), never)), /^any machine at site acme\/berlin on /);
    assert.equal(
      found(look(promoting(undefined, tenant), `for: {labels: {kind: clinic}}, ${never}`)),
      "holds",
    );
    // Of the two kinds one is in no group that says otherwise.
    const only = {
      ...tenant,
      groups: [{ name: "clinics", devices: [], match: { kind: ["ward"] }, channel: "stable" }],
    };
    assert.match(
      found(look(promoting(undefined, only), `for: {labels: {kind: [ward, clinic]}}, ${never}`)),
      /^any machine at site acme\/berlin on \S+ with kind=clinic follows channel `nightly`/,
    );
  });

  test("leaves out whom it excepts, and machines that no platform has anything for", () => {
    const desired = promoting(undefined, tenant);
    const never = "never: {channel: nightly}";
    assert.equal(found(look(desired, `for: {tenant: acme, except: {sites: [berlin]}}, ${never}`)), "holds");
    assert.equal(found(look(desired, "for: {platform: plan9-mips}, decides: {action: stay}")), "nobody");
  });

  test("is no version that a machine leaves at once, but each that it passes through", () => {
    const desired = promoting();
    const records = devices(1);
    assert.equal(found(look(desired, "never: {version: 1.3.0}", records)), "holds");
    assert.equal(found(look(desired, "never: {version: 1.4.0}", records)), "d-0 runs agent 1.4.0 +0h");
  });
});

describe("a limit over time", () => {
  const limit = (share: number, within: string, of = "tenant"): string =>
    `atMost: {share: ${share}%, of: ${of}, within: ${within}}`;

  test("is held against the waves, where no inventory tells of machines", () => {
    const desired = promoting(steps([10, 0], [50, 4], [100, 24]));
    assert.equal(found(look(desired, limit(50, "1h"))), "holds");
    assert.match(found(look(desired, limit(40, "1h"))), /^the machines .* that run agent 50% \+24h$/);
    assert.match(found(look(desired, limit(50, "5h"))), /^holds$/);
    assert.match(found(look(desired, limit(50, "21h"))), / 90% \+4h$/);
  });

  test("does not count a wave that opens in the second in which the span ends", () => {
    const desired = promoting(steps([40, 0], [80, 1], [100, 2]));
    assert.equal(found(look(desired, limit(40, "1h"))), "holds");
    assert.match(found(look(desired, limit(40, "3601s"))), / 80% \+0h$/);
    const records = devices(200);
    assert.equal(found(look(desired, limit(50, "1h"), records)), "holds");
    assert.match(found(look(desired, limit(50, "3601s"), records)), /^tenant acme [78]\d(\.5)?% \+0h$/);
  });

  test("takes waves that open evenly for what they are", () => {
    const desired = promoting({ strategy: "linear", waves: [wave([1, 0]), wave([100, 99])] });
    assert.equal(found(look(desired, limit(2.1, "1h"))), "holds");
    assert.match(found(look(desired, limit(1.5, "2h"))), / 3% \+0h$/);
    assert.equal(found(look(desired, limit(11, "10h"))), "holds");
    assert.match(found(look(desired, limit(9, "10h"))), / (9|10|11)(\.\d+)?% /);
  });

  test("finds who piles up before a window and goes at its first second", () => {
    const window = {
      days: ["sat"],
      start: "02:00",
      duration: HOUR,
      timeZone: "Europe/Berlin",
      onReturn: "window",
    } as const;
    const rollout = { strategy: "linear", waves: [wave([1, 0]), wave([100, 99])] } as const;
    assert.match(found(look(promoting(rollout, { window }), limit(20, "1h"))), / (2[1-9]|[3-9]\d)(\.\d+)?% /);
  });

  test("lets one machine of a small part always go, and counts each tenant by itself", () => {
    const desired = promoting(steps([100, 0]));
    assert.equal(found(look(desired, limit(10, "1h"), devices(1))), "holds");
    assert.equal(found(look(desired, limit(10, "1h"), devices(2))), "tenant acme 100% +0h");
    assert.equal(
      found(look(desired, limit(50, "1h", "platform"), devices(2))),
      "platform linux-x64 100% +0h",
    );
  });
});

describe("a time at which nobody may go", () => {
  /** 2026-11-27, a Friday, 12:00 in Berlin. */
  const NOON = Date.parse("2026-11-27T12:00:00+01:00") / 1000;
  const quiet = 'notDuring: {days: [fri], start: "12:00", duration: 12h, timeZone: Europe/Berlin}';
  const at = (second: number): DesiredState =>
    promoting({ strategy: "steps", waves: [wave([10, 0]), { ppm: 1_000_000, after: second - T0 }] });

  test("begins with its first second on the clock of its time zone, and ends before its last", () => {
    assert.equal(found(look(at(NOON - 1), quiet)), "holds");
    assert.match(found(look(at(NOON), quiet)), /10% to 100% of the channel\) goes to 1\.4\.0 from 1\.3\.0/);
    assert.match(found(look(at(NOON + 12 * HOUR - 1), quiet)), /goes to 1\.4\.0/);
    assert.equal(found(look(at(NOON + 12 * HOUR), quiet)), "holds");
  });

  test("is broken by a wave that opens in the second in which it is looked at", () => {
    const waiting = promoting({ ...steps([10, 0], [100, 400]), startsAt: NOON });
    assert.match(
      found(look(waiting, quiet, undefined, NOON)),
      /the first 10% of the channel\) goes to 1\.4\.0/,
    );
  });

  test("follows the change of the clocks", () => {
    const summer = Date.parse("2027-04-02T12:00:00+02:00") / 1000;
    assert.equal(found(look(at(summer - 1), quiet)), "holds");
    assert.match(found(look(at(summer), quiet)), /goes to 1\.4\.0/);
  });
});

describe("an inventory", () => {
  test("is what is looked at; who is in no inventory is made up from the state", () => {
    const desired = promoting();
    const text = "decides: {version: 1.4.0}";
    const held = devices(2, { installed: "1.5.0" });
    assert.equal(found(look(desired, text)), "holds");
    assert.equal(found(look(desired, text, held)), "d-0 runs agent 1.5.0 +0h");
    const result = look(desired, `for: {site: hamburg, tenant: acme}, ${text}`, held);
    assert.equal(found(result), "holds");
  });
});

test("a label that nobody has and that is nearly a known one is no machine's, and the known one is told", () => {
  const canaries = { name: "canaries", devices: [], match: { ring: ["canary"] } };
  const desired = promoting(undefined, { groups: [canaries] });
  const lookFor = (labels: string, records?: readonly InventoryRecord[]): string => {
    const result = look(desired, `for: {labels: {${labels}}}, never: {channel: nightly}`, records);
    if (result.kind !== "nobody") return result.kind;
    return `${result.misspelt?.label} for ${result.misspelt?.meant}`;
  };
  assert.equal(lookFor("rign: canary"), "rign=canary for ring=canary");
  assert.equal(lookFor("ring: canray"), "holds", "which values there are, no file says");
  assert.equal(lookFor("kind: clinic"), "holds", "machines may have labels that no group selects by");
  const fleet = devices(3, { labels: { ring: "canary", line: "l-1" } });
  assert.equal(lookFor("ring: canary", fleet), "holds");
  assert.equal(lookFor("ring: canray", fleet), "ring=canray for ring=canary");
  assert.equal(lookFor("ring: [canray, canary]", fleet), "holds");
  assert.equal(lookFor("line: l-2", fleet), "holds", "another number is another thing");
});
