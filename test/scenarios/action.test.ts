import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { FleetServer } from "../fleet-api/fleet-server.ts";
import { addDevice } from "../fleet-api/sample-fleet.ts";
import { StandInForge } from "../pull-request/stand-in-forge.ts";
import { type CommandResult, run, runOk, TOP } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

interface ActionStep {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A pull request on a real repository, on which steps of action.yml run in bash as the forge would run them. */
class PullRequest {
  readonly state: StateRepository;
  readonly forge: StandInForge;
  private readonly runner: string;
  private readonly steps: readonly ActionStep[];
  private validated = "success";

  private constructor(
    state: StateRepository,
    forge: StandInForge,
    runner: string,
    steps: readonly ActionStep[],
  ) {
    this.state = state;
    this.forge = forge;
    this.runner = runner;
    this.steps = steps;
  }

  static async create(t: TestContext): Promise<PullRequest> {
    const runner = await mkdtemp(join(tmpdir(), "fairlead-runner-"));
    t.after(() => rm(runner, { recursive: true, force: true }));
    await writeFile(join(runner, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.point("stable", "1.0.0");
    await state.commit("begin");
    await runOk("git", ["switch", "-q", "-c", "change"], { cwd: state.directory });
    const action = parse(await readFile(join(TOP, "action.yml"), "utf8"));
    return new PullRequest(state, await StandInForge.start(t), runner, action.runs.steps);
  }

  /** Runs one step; expressions get the values that a pull request into `main` gives them. */
  async step(name: string, inputs: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const step = this.steps.find((candidate) => candidate.name === name);
    assert.ok(step?.run !== undefined, `action.yml has no step ${name}`);
    const given = { token: "workflow", ...inputs };
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([key, value]) => [key, this.evaluate(value, given)]),
    );
    const ran = await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
      cwd: this.state.directory,
      env: {
        ...this.forge.githubJob(join(this.runner, "event.json")),
        ...env,
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        RUNNER_TEMP: this.runner,
        GITHUB_STEP_SUMMARY: join(this.runner, "summary"),
      },
    });
    if (name === "Validate") this.validated = ran.code === 0 ? "success" : "failure";
    return ran;
  }

  /** The one comment. */
  comment(): string {
    assert.equal(this.forge.comments.length, 1);
    return this.forge.comments[0]?.body ?? "";
  }

  private evaluate(text: string, inputs: Readonly<Record<string, string>>): string {
    return text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      if (expression === "github.action_path") return TOP;
      if (expression === "runner.temp") return this.runner;
      if (expression === "steps.validate.outcome") return this.validated;
      if (expression.startsWith("inputs.base ||")) return "main";
      return inputs[expression.replace("inputs.", "")] ?? "";
    });
  }
}

test("the action comments the plan once, and keeps that comment up to date", async (t) => {
  const request = await PullRequest.create(t);
  await request.state.point("stable", "1.1.0");
  await request.state.commit("promote");
  assert.equal((await request.step("Validate")).code, 0);
  const plan = await request.step("Plan");
  assert.equal(plan.code, 0, plan.stdout + plan.stderr);
  assert.equal((await request.step("Comment")).code, 0);
  assert.match(request.comment(), /^<!-- fairlead -->\n[\s\S]*1\.0\.0[\s\S]*1\.1\.0/);

  await request.state.point("stable", "1.0.0", "paused: {reason: not yet}\n");
  await request.state.commit("think again");
  await request.step("Plan");
  await request.step("Comment");
  assert.match(request.comment(), /pause/);
  assert.deepEqual(request.forge.writes, [
    "POST /repos/acme/fleet/issues/7/comments",
    "PATCH /repos/acme/fleet/issues/comments/1000",
  ]);
});

test("a change with errors fails the job, annotates the line, and the comment says that there is no plan", async (t) => {
  const request = await PullRequest.create(t);
  await request.state.point("stable", "9.9.9");
  await request.state.commit("a typo");
  const validate = await request.step("Validate");
  assert.equal(validate.code, 1);
  assert.match(validate.stdout, /^::error file=products\/lantern\/channels\/stable\.yaml,line=1/m);
  assert.equal((await request.step("Plan")).code, 1);
  await request.step("Comment");
  assert.match(request.comment(), /No plan: the change has 1 error/);
});

test("a change that only `validate` refuses has its plan in the comment, and above it that it is refused", async (t) => {
  const request = await PullRequest.create(t);
  await request.state.write("artifacts/lantern-1.1.0", "somebody's own bytes");
  await request.state.point("stable", "1.1.0");
  await request.state.commit("a promotion, and other bytes under a published version");
  assert.equal((await request.step("Validate")).code, 1);
  const planned = await request.step("Plan");
  assert.equal(planned.code, 0, planned.stderr);
  assert.equal((await request.step("Comment")).code, 0);
  assert.match(
    request.comment(),
    /^<!-- fairlead -->\n\*\*The change is refused\*\* by `fairlead validate`: .*\n\n<!--/,
  );
});

test("a fork's token, which may only read, does not fail the job", async (t) => {
  const request = await PullRequest.create(t);
  await request.step("Plan");
  const { code, stdout } = await request.step("Comment", { token: "fork" });
  assert.deepEqual([code, /^no comment: github answers 403/.test(stdout)], [0, true]);
  assert.deepEqual(request.forge.comments, []);
});

test("the comment speaks of the machines of a running controller, and says so where it cannot be asked", async (t) => {
  const server = await FleetServer.start(t);
  for (const id of ["d-1", "d-2", "d-3"]) await addDevice(server.store, { id, tenant: "acme" });
  const request = await PullRequest.create(t);
  await request.state.point("stable", "1.1.0");
  await request.state.commit("promote");
  const inputs = { controller: server.server.url, "controller-token": await server.person("viewer") };
  const plan = await request.step("Plan", inputs);
  assert.equal(plan.code, 0, plan.stdout + plan.stderr);
  await request.step("Comment");
  assert.match(request.comment(), /3 (devices|of 3)/);

  const refused = await request.step("Plan", { ...inputs, "controller-token": "flp_of-somebody-who-left" });
  assert.deepEqual([refused.code, refused.stderr.includes("api/wrong-token")], [1, true]);
  await request.step("Comment");
  assert.match(request.comment(), /There is no plan\*\*: the controller could not be asked/);
});
