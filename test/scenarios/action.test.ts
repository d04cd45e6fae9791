import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { FleetServer } from "../fleet-api/fleet-server.ts";
import { addDevice } from "../fleet-api/sample-fleet.ts";
import { type CommandResult, run, runOk, TOP } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

interface ActionStep {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Stands in for the forge's program: keeps the comment of the pull request in a folder, with what `gh api` is asked.
 * The list answers as `--jq` would have filtered it.
 */
const GH = `#!/bin/sh
echo "$*" >> "$FORGE/calls"
body=$(printf '%s\\n' "$@" | sed -n 's/^body=@//p')
case "$*" in
  *"--method POST"*) cp "$body" "$FORGE/comment"; echo 42 > "$FORGE/id" ;;
  *"--method PATCH"*comments/42*) cp "$body" "$FORGE/comment" ;;
  *) cat "$FORGE/id" 2> /dev/null || : ;;
esac
`;

/** A pull request on a real repository, on which steps of action.yml run in bash as the forge would run them. */
class PullRequest {
  readonly state: StateRepository;
  readonly forge: string;
  private readonly steps: readonly ActionStep[];

  private constructor(state: StateRepository, forge: string, steps: readonly ActionStep[]) {
    this.state = state;
    this.forge = forge;
    this.steps = steps;
  }

  static async create(t: TestContext): Promise<PullRequest> {
    const forge = await mkdtemp(join(tmpdir(), "fairlead-forge-"));
    t.after(() => rm(forge, { recursive: true, force: true }));
    await mkdir(join(forge, "bin"));
    await symlink(process.execPath, join(forge, "bin", "node"));
    await writeFile(join(forge, "bin", "gh"), GH);
    await chmod(join(forge, "bin", "gh"), 0o755);
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.point("stable", "1.0.0");
    await state.commit("begin");
    await runOk("git", ["switch", "-q", "-c", "change"], { cwd: state.directory });
    const action = parse(await readFile(join(TOP, "action.yml"), "utf8"));
    return new PullRequest(state, forge, action.runs.steps);
  }

  /** Runs one step; expressions get the values that a pull request into `main` gives them. */
  async step(name: string, inputs: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const step = this.steps.find((candidate) => candidate.name === name);
    assert.ok(step?.run !== undefined, `action.yml has no step ${name}`);
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([key, value]) => [key, this.evaluate(value, inputs)]),
    );
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
      cwd: this.state.directory,
      env: {
        ...env,
        PATH: `${join(this.forge, "bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
        FORGE: this.forge,
        RUNNER_TEMP: this.forge,
        GITHUB_STEP_SUMMARY: join(this.forge, "summary"),
        GITHUB_REPOSITORY: "acme/fleet",
      },
    });
  }

  comment(): Promise<string> {
    return readFile(join(this.forge, "comment"), "utf8");
  }

  private evaluate(text: string, inputs: Readonly<Record<string, string>>): string {
    return text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      if (expression === "github.action_path") return TOP;
      if (expression === "runner.temp") return this.forge;
      if (expression.startsWith("inputs.base ||")) return "main";
      if (expression === "github.event.pull_request.number") return "7";
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
  assert.match(await request.comment(), /^<!-- fairlead -->\n[\s\S]*1\.0\.0[\s\S]*1\.1\.0/);

  await request.state.point("stable", "1.0.0", "paused: {reason: not yet}\n");
  await request.state.commit("think again");
  await request.step("Plan");
  await request.step("Comment");
  assert.match(await request.comment(), /pause/);
  const writes = (await readFile(join(request.forge, "calls"), "utf8")).match(/--method \w+/g);
  assert.deepEqual(writes, ["--method POST", "--method PATCH"]);
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
  assert.match(await request.comment(), /There is no plan/);
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
  assert.match(await request.comment(), /3 (devices|of 3)/);

  const refused = await request.step("Plan", { ...inputs, "controller-token": "flp_of-somebody-who-left" });
  assert.deepEqual([refused.code, refused.stderr.includes("api/wrong-token")], [1, true]);
  await request.step("Comment");
  assert.match(await request.comment(), /There is no plan: the controller could not be asked/);
});
