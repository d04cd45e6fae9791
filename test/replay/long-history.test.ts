import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { asMergedNow, type DesiredState, desiredState } from "../../controller/desired/desired-state.ts";
import { computePlan } from "../../controller/plan/compute-plan.ts";
import { printPlanText } from "../../controller/plan/print-plan-text.ts";
import { scopeRecords } from "../../controller/plan/scope-records.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import { GitSource } from "../../controller/source/git-source.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { StateCache } from "../../controller/state/state-cache.ts";
import { type Candidate, channelCandidates } from "../../protocol/candidates.ts";
import { decide } from "../../protocol/decide.ts";
import { compareVersions } from "../../protocol/version.ts";
import { runOk } from "../support/run-command.ts";
import { type HistoryCommit, randomHistory } from "./random-history.ts";

const LENGTH = 400;
const BEGIN = 1_790_000_000;
const HOUR = 3600;

/** One stream for `git fast-import`: hundreds of commits, an hour apart, in one process. */
function fastImport(commits: readonly HistoryCommit[]): string {
  return commits
    .map(({ subject, files }, index) => {
      const changes = Object.entries(files).map(
        ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
      );
      const author = `committer Ada Example <ada@acme.example> ${BEGIN + index * HOUR} +0000`;
      return `commit refs/heads/main\n${author}\ndata ${Buffer.byteLength(subject)}\n${subject}\n${changes.join("")}`;
    })
    .join("\n");
}

/** A machine that has nothing gets what the channel pointed to before, be it the same version, or waits for its first. */
function checkNewMachine(state: DesiredState, index: number, now: number): void {
  const agent = state.products.get("agent");
  const stable = agent?.policy.channels.stable;
  assert.ok(agent !== undefined && stable !== undefined);
  const [target, ...earlier] = channelCandidates(agent.policy, stable, agent.releases, "linux-x64", null);
  const device = { id: `new-${index}`, platform: "linux-x64" };
  const decision = decide({ product: agent.policy }, agent.releases, device, { version: null }, {}, now);
  const isUp = ({ release }: Candidate) =>
    target !== undefined && compareVersions("semver", release.version, target.release.version) <= 0;
  const expected = target === undefined ? ["none"] : earlier.some(isUp) ? ["update"] : ["update", "wait"];
  assert.ok(expected.includes(decision.action), `commit ${index}: ${decision.action}`);
}

test("hundreds of commits of a long history are validated and planned without a fault", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-replay-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const history = randomHistory(7, LENGTH);
  await runOk("git", ["init", "-q", "--bare", "-b", "main", folder]);
  await runOk("git", ["fast-import", "--quiet"], { cwd: folder, input: fastImport(history) });
  const ids = (await runOk("git", ["rev-list", "--reverse", "main"], { cwd: folder })).trim().split("\n");
  assert.equal(ids.length, LENGTH);

  const location = parseSourceLocation(folder);
  const source = await GitSource.open({
    location,
    ref: "main",
    path: "",
    mirrorsFolder: join(folder, "mirrors"),
  });
  t.after(() => source.close());
  const cache = new StateCache();
  let before: FleetModel | undefined;
  let desired: DesiredState | undefined;
  const seen = { good: 0, refused: 0, moved: 0 };
  for (const [index, id] of ids.entries()) {
    const now = BEGIN + index * HOUR;
    const snapshot = await source.snapshot(id);
    const histories = await source.histories(id);
    const incremental = checkState(snapshot, {
      now,
      histories,
      cache,
      ...(before === undefined ? {} : { before }),
    });
    const isMistake = history[index]?.subject === "a mistake";
    if (isMistake) assert.equal(incremental.model, undefined, `commit ${index} is wrong and was not refused`);
    if (index % 40 === 0) {
      const fresh = checkState(snapshot, { now, histories, ...(before === undefined ? {} : { before }) });
      assert.deepEqual(
        fresh.diagnostics,
        incremental.diagnostics,
        "what is kept never changes what is found",
      );
    }
    if (incremental.model === undefined) {
      assert.ok(incremental.diagnostics.length > 0, "a refusal says why");
      seen.refused++;
      continue;
    }
    const after = desiredState(incremental.model, histories, now);
    checkNewMachine(after, index, now);
    if (desired !== undefined) {
      const merged = asMergedNow(desired, after, now);
      const records = scopeRecords(desired, merged, now);
      const plan = computePlan(desired, merged, { kind: "scopes", name: "scopes", records }, now);
      assert.ok(printPlanText(plan).length > 0);
      if (plan.blast.devices > 0) seen.moved++;
    }
    before = incremental.model;
    desired = after;
    seen.good++;
  }
  assert.ok(seen.good > LENGTH / 2 && seen.refused > 10 && seen.moved > 20, JSON.stringify(seen));
});
