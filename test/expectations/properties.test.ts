import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DesiredState } from "../../controller/desired/desired-state.ts";
import { checkExpectations } from "../../controller/expectations/check-expectations.ts";
import { type Expectation, expectationsOf } from "../../controller/expectations/expectation.ts";
import { ExpectationError } from "../../controller/expectations/expectation-error.ts";
import { followMachine } from "../../controller/expectations/follow-machine.ts";
import { recordExpectations } from "../../controller/expectations/record-expectations.ts";
import { renderRecorded } from "../../controller/expectations/render-recorded.ts";
import type { InventoryRecord } from "../../controller/inventory/inventory-record.ts";
import { readDocument } from "../../controller/state/read-document.ts";
import { decide } from "../../protocol/decide.ts";
import { DecisionContext } from "../../protocol/decision-context.ts";
import { chooseChannel } from "../../protocol/rules/choose-channel.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { ExpectationsState } from "../../schemas/state.generated.ts";
import { devices, state } from "../plan/build-states.ts";
import { type AskedCase, askedCase, waves } from "../protocol/arbitrary-policies.ts";
import { DAY, RELEASES, T0 } from "../protocol/build-policies.ts";

/** The state that a case's policy is of. */
function stateOf({ policy, releases }: AskedCase): DesiredState {
  const { product, tenant } = policy;
  return {
    commit: "a".repeat(40),
    products: new Map([[product.product, { policy: product, releases }]]),
    tenants: new Map(tenant === undefined ? [] : [[tenant.tenant, tenant]]),
  };
}

function recordOf({ device, installed, local, policy }: AskedCase): InventoryRecord {
  const { id, ...described } = device;
  const { channel, newestConfirmed } = local;
  return {
    device: id,
    product: policy.product.product,
    installed,
    ...described,
    ...(channel === undefined ? {} : { channel }),
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
  };
}

/** What a file of expectations says, read as the state is read. */
function readExpectations(text: string): Expectation[] {
  const bytes = Buffer.from(text);
  const read = readDocument("expectations", { path: "expectations/recorded.yaml", blob: "", bytes });
  assert.ok(read.ok, `${read.ok ? "" : JSON.stringify(read.diagnostics)}\n${text}`);
  const document = { ...read.document, value: read.document.value as ExpectationsState };
  return expectationsOf({ expectations: new Map([["recorded", document]]) });
}

describe("what a machine does over time", () => {
  test("changes at no second at which it is not asked again", () => {
    fc.assert(
      fc.property(
        askedCase,
        fc.array(fc.integer({ min: 0, max: 12 * DAY }), { minLength: 5 }),
        (asked, seconds) => {
          const { policy, releases, device, installed, now } = asked;
          // What passes with the machine's own time: its backoff, and when it was last there.
          const { blocked, lastCheckAt, ...local } = asked.local;
          const context = new DecisionContext(policy, releases, device, { version: installed }, local, now);
          const channel = chooseChannel(context).name;
          const moments = followMachine(
            { policy: { ...policy, releases }, device, channel, local },
            installed,
            now,
          );
          for (const second of seconds) {
            const at = now + second;
            const holding = moments.findLast((moment) => moment.at <= at);
            assert.ok(holding !== undefined);
            const { action, ...rest } = decide(
              policy,
              releases,
              device,
              { version: holding.runs },
              local,
              at,
            );
            assert.equal(action, holding.decision.action, `at ${second}`);
            const target = "target" in rest ? rest.target : undefined;
            assert.equal(target, "target" in holding.decision ? holding.decision.target : undefined);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("recorded expectations", () => {
  test("hold on the state that they were recorded from, at that time, with and without its machines", () => {
    const until = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
    const machines = fc.array(askedCase, { maxLength: 3 });
    fc.assert(
      fc.property(askedCase, machines, until, fc.boolean(), (asked, others, days, isTenant) => {
        const { now } = asked;
        const desired = stateOf(asked);
        const records = [asked, ...others].map(recordOf);
        const end = days === undefined ? undefined : now + days * DAY;
        let recorded: ReturnType<typeof recordExpectations>;
        try {
          const scope = isTenant ? { tenant: "acme" } : {};
          recorded = recordExpectations({ state: desired, scope, records, now, until: end });
        } catch (error) {
          // Of a state in which no machine has anything in common with the others.
          assert.ok(error instanceof ExpectationError && error.code === "expectation/nothing-to-record");
          return;
        }
        const text = renderRecorded({
          recorded,
          command: "fairlead expect --record",
          commit: "worktree",
          now,
          until: end === undefined ? undefined : formatTime(end),
        });
        const expectations = readExpectations(text);
        assert.equal(expectations.length, recorded.length);
        for (const known of [undefined, records]) {
          for (const result of checkExpectations(desired, expectations, known, now)) {
            if (result.kind === "holds") continue;
            const found =
              result.kind === "broken" ? `${result.breach.machine.name} ${result.breach.found}` : "";
            assert.fail(`${result.kind} ${result.expectation.said.that}: ${found}\n${text}`);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a limit over time", () => {
  test("counts the same machines as who looks at every second at which one goes", () => {
    const share = fc.integer({ min: 1, max: 60 });
    const within = fc.integer({ min: 1, max: 3 * DAY });
    const strategy = fc.constantFrom("steps" as const, "linear" as const);
    fc.assert(
      fc.property(waves, strategy, share, within, (spread, how, percent, span) => {
        const rollout = { strategy: how, waves: spread };
        const desired = state({
          channels: {
            stable: {
              current: { version: "1.4.0", at: T0, commit: "c" },
              previous: [{ version: "1.3.0", at: T0 - 90 * DAY, commit: "b" }],
              rollout,
            },
          },
        });
        const records = devices(40);
        const goes = records.flatMap((record) => {
          const policy = desired.products.get("agent")?.policy;
          assert.ok(policy !== undefined);
          const tenant = desired.tenants.get("acme");
          const followed = {
            policy: { product: policy, releases: RELEASES, ...(tenant === undefined ? {} : { tenant }) },
            device: { id: record.device, platform: "linux-x64", tenant: "acme", site: "berlin" },
            channel: "stable",
            local: {},
          };
          return followMachine(followed, "1.3.0", T0)
            .filter(({ decision }) => decision.action === "update")
            .map(({ at }) => at);
        });
        const most = Math.max(
          0,
          ...goes.map((at) => goes.filter((then) => then >= at && then < at + span).length),
        );
        const allowed = Math.max(1, Math.floor((40 * percent) / 100));
        const text = `expect: [{that: slowly, atMost: {share: ${percent}%, of: tenant, within: ${span}s}}]\n`;
        const [result] = checkExpectations(desired, readExpectations(text), records, T0);
        assert.equal(result?.kind, most > allowed ? "too-many" : "holds", `${most} of ${allowed}`);
        if (result?.kind === "too-many") assert.equal(result.worst.counted?.moving, most);
      }),
      { numRuns: 150 },
    );
  });
});
