import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fairlead, runOk } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";

const NOW = "2026-12-20T08:00:00Z";
const WAVES = "rollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n";

/** `main` has 1.3.0 on stable; the work tree promotes 1.4.0 and is not committed. */
async function promotion(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.3.0");
  await state.addVersion("1.4.0");
  await state.point("stable", "1.3.0", WAVES);
  await state.write(
    "tenants/acme.yaml",
    `channel: stable
sites:
  berlin: {}
  oslo: {paused: {reason: audit}}
devices:
  d-7:
    products: {lantern: {pin: {version: 1.3.0, reason: certified, owner: ops@acme.example, expires: 2030-01-01}}}
`,
  );
  await state.commit("base");
  await state.point("stable", "1.4.0", WAVES);
  return state;
}

function fleet(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) => `d-${i},${PLATFORM},acme,${i % 4 === 3 ? "oslo" : "berlin"},lantern,1.3.0`,
  );
  return `device,platform,tenant,site,product,installed\n${rows.join("\n")}\n`;
}

/** Without what differs from run to run. */
function stable(text: string): string {
  return text.replace(/[0-9a-f]{12} -> /g, "<base> -> ");
}

describe("fairlead plan", () => {
  it("says who would move, when, and who is held, for the work tree over an inventory", async (t) => {
    const state = await promotion(t);
    await state.write("artifacts/fleet.csv", fleet(40));
    const inventory = join(state.directory, "artifacts", "fleet.csv");
    const { stdout, stderr, code } = await fairlead(
      ["plan", "--base", "main", "--inventory", inventory, "--now", NOW],
      {
        cwd: state.directory,
      },
    );
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.equal(
      stable(stdout),
      `plan: <base> -> worktree, as if merged at 2026-12-20T08:00:00Z
over: 40 devices (fleet.csv)

moves: 30 of 40 devices (75%)
  lantern stable: 1.3.0 -> 1.4.0  30 devices
            2  from 2026-12-20T08:00:00Z (at once)
           30  from 2026-12-21T08:00:00Z (in 1d)

does not move, or not freely:
  lantern: 10 devices held by a pause: site acme/oslo is paused: audit (tenants/acme.yaml#/sites/oslo/paused)

by product:
  lantern: 30 of 40
by channel:
  lantern/stable: 30 of 30
by tenant:
  acme: 30 of 40
by site:
  acme/berlin: 30 of 30
by platform:
  ${PLATFORM}: 30 of 40
`,
    );
  });

  it("is made over the scopes of state when there is no inventory, and as Markdown for a comment", async (t) => {
    const state = await promotion(t);
    const { stdout, code } = await fairlead(
      ["plan", "--base", "main", "--now", NOW, "--format", "markdown"],
      {
        cwd: state.directory,
      },
    );
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^<!-- fairlead-plan -->\n### 3 of 5 scopes move \(60%\), from now to Mon 21 Dec 08:00 UTC \(in\u00a01d\)\n/,
    );
    assert.match(
      stdout,
      /\| \*\*1\u00a0scope\*\*<br>lantern \| pin \| pinned to 1\.3\.0 by device d-7: certified<br>/,
    );
  });

  it("compares commits with where the branch began, so that later merges are not taken back", async (t) => {
    const state = await promotion(t);
    const git = (...args: string[]) => runOk("git", args, { cwd: state.directory });
    await git("switch", "-q", "-c", "change");
    await state.commit("promote");
    await git("switch", "-q", "main");
    await state.write("tenants/globex.yaml", "paused: {reason: strike}\n");
    await state.commit("meanwhile");
    const { stdout } = await fairlead(
      ["plan", "--base", "main", "--head", "change", "--json", "--now", NOW],
      {
        cwd: state.directory,
      },
    );
    const plan = JSON.parse(stdout);
    assert.equal(plan.before, (await git("rev-parse", "main~1")).trim());
    assert.equal(plan.after, (await git("rev-parse", "change")).trim());
    assert.deepEqual(
      plan.transitions.map(({ from, to }: { from: string; to: string }) => [from, to]),
      [["1.3.0", "1.4.0"]],
    );
  });

  it("refuses with exit code 1 what breaks a limit, and says which", async (t) => {
    const state = await promotion(t);
    const plan = (...more: string[]) =>
      fairlead(["plan", "--base", "main", "--now", NOW, ...more], { cwd: state.directory });
    const limited = await plan("--max-blast", "50%", "--fail-on", "moves,downgrades");
    assert.equal(limited.code, 1);
    assert.equal(
      limited.stderr,
      "error[plan/limit]: 3 moves (--fail-on moves)\nerror[plan/limit]: 60% of the fleet would move, more than 50% (--max-blast)\n",
    );
    assert.equal((await plan("--max-blast", "60%")).code, 0);
  });

  it("shows what is wrong instead of a plan when the change has errors", async (t) => {
    const state = await promotion(t);
    await state.point("stable", "9.9.9", WAVES);
    const { stdout, stderr, code } = await fairlead(["plan", "--base", "main"], { cwd: state.directory });
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /products\/lantern\/channels\/stable\.yaml:1:10/);
    assert.match(stderr, /no plan: the state has errors\n$/);
    const comment = await fairlead(["plan", "--base", "main", "--format", "markdown"], {
      cwd: state.directory,
    });
    assert.equal(comment.code, 1);
    assert.match(
      comment.stdout,
      /^<!-- fairlead-plan -->\n### No plan: the change has 1 error\n\n> \[!CAUTION\]\n> - `products\/lantern\/channels\/stable\.yaml:1:10` /,
    );
    assert.equal(comment.stderr, stderr);
  });

  it("tells with --detailed-exitcode whether any machine would notice the change", async (t) => {
    const state = await promotion(t);
    const codeOf = async (...more: string[]) =>
      (await fairlead(["plan", "--base", "main", "--now", NOW, ...more], { cwd: state.directory })).code;
    assert.equal(await codeOf("--detailed-exitcode"), 2);
    assert.equal(await codeOf("--detailed-exitcode", "--fail-on", "moves"), 1);
    await state.point("stable", "1.3.0", `# a remark\n${WAVES}`);
    assert.equal(await codeOf("--detailed-exitcode"), 0);
  });

  it("treats wrong use as wrong use", async (t) => {
    const state = await promotion(t);
    const codeOf = async (...args: string[]) =>
      (await fairlead(["plan", ...args], { cwd: state.directory })).code;
    assert.equal(await codeOf("--format", "yaml"), 2);
    assert.equal(await codeOf("--fail-on", "luck"), 2);
    assert.equal(await codeOf("--now", "yesterday"), 2);
    assert.equal(await codeOf("--base", "nowhere"), 1);
    assert.equal(await codeOf("--base", "main", "--inventory", "nowhere.csv"), 1);
  });
});

describe("fairlead explain", () => {
  it("explains the work tree, or any commit, with file and line", async (t) => {
    const state = await promotion(t);
    const ask = [
      "explain",
      "--tenant",
      "acme",
      "--site",
      "oslo",
      "--device",
      "d-3",
      "--platform",
      PLATFORM,
      "--installed",
      "1.2.0",
    ];
    const paused = await fairlead(ask, { cwd: state.directory });
    assert.equal(paused.code, 0);
    assert.match(
      paused.stdout,
      /x paused {5}site acme\/oslo is paused: audit {2}tenants\/acme\.yaml:4, by [0-9a-f]{12}, Ada Example, \S+\n\ndecision: paused, nothing moves\n$/,
    );

    const berlin = ask.map((word) => (word === "oslo" ? "berlin" : word));
    const committed = await fairlead([...berlin, "--at", "main", "--update-now", "--json"], {
      cwd: state.directory,
    });
    const { decision, trail } = JSON.parse(committed.stdout);
    assert.deepEqual([decision.action, decision.target], ["update", "1.3.0"]);
    const target = trail.find(({ rule }: { rule: string }) => rule === "target");
    assert.deepEqual([target.file, target.span.line], ["products/lantern/channels/stable.yaml", 1]);
  });
});
