import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { scaffoldFiles } from "../../controller/scaffold/scaffold-repository.ts";
import { fairlead, run, runOk } from "../support/run-command.ts";

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-init-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a scaffold that cannot be committed leaves nothing behind and says who must be known", async (t) => {
  const folder = await emptyFolder(t);
  const nobody = {
    GIT_AUTHOR_NAME: "",
    GIT_AUTHOR_EMAIL: "",
    GIT_COMMITTER_NAME: "",
    GIT_COMMITTER_EMAIL: "",
  };
  const result = await fairlead(["init", "demo"], { cwd: folder, env: { ...nobody, HOME: folder } });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /^error\[scaffold\/no-identity\][\s\S]*git config [\s\S]*--no-git/);
  assert.deepEqual(await readdir(folder), []);
});

test("without git only files and keys are written, and private keys are for their owner alone", async (t) => {
  const folder = await emptyFolder(t);
  const result = await fairlead(["init", "demo", "--no-git", "--product", "agent"], { cwd: folder });
  assert.equal(result.code, 0, result.stderr);
  const made = await readdir(join(folder, "demo"));
  assert.equal(made.includes(".git"), false);
  for (const name of ["online", "root-1", "targets-1", "releases-agent"]) {
    assert.equal((await stat(join(folder, "demo", "keys", `${name}.json`))).mode & 0o777, 0o600);
  }
});

test("every example executable says the version that its file is for", async (t) => {
  const folder = await emptyFolder(t);
  await fairlead(["init", "demo", "--no-git"], { cwd: folder });
  const artifacts = join(folder, "demo", "artifacts");
  for (const name of await readdir(artifacts)) {
    assert.equal((await run(join(artifacts, name), ["--version"])).stdout, `${name.replace(/^.*-/, "")}\n`);
  }
});

test("the CI files are YAML, and the hook is a shell script that the shell can read", async () => {
  const files = scaffoldFiles({ product: "agent" });
  const content = (path: string): string => files.find((file) => file.path === path)?.content ?? "";
  assert.equal(parse(content(".github/workflows/fairlead.yml")).jobs.check.steps.length, 6);
  assert.equal(parse(content(".gitlab-ci.yml")).fairlead.script.length, 9);
  for (const path of [".github/workflows/fairlead.yml", ".gitlab-ci.yml"]) {
    const install = /npm install --global --allow-git=root --allow-remote=root "\$\{FAIRLEAD_PACKAGE:\?/;
    assert.match(content(path), install, "no package of a stranger, and a git URL with npm 12 too");
  }
  await runOk("sh", ["-n"], { input: content(".githooks/pre-commit") });
});

/** Programs that the pipelines call, on a PATH before all others: a refused change, and a forge that has an old note. */
async function standIns(
  t: TestContext,
): Promise<{ readonly folder: string; readonly env: { PATH: string } }> {
  const folder = await emptyFolder(t);
  const programs = {
    fairlead: 'echo "fairlead $*" >> calls; [ "$1" = validate ] && echo "[]"; exit 1',
    npm: ":",
    git: ":",
    curl: `echo "curl $*" >> calls; case "$*" in *per_page*) echo '[{"id":3,"body":"hello"},{"id":7,"body":"<!-- fairlead --> old"}]';; esac`,
    gh: 'echo "gh $*" >> calls; case "$*" in *--paginate*) echo 7;; esac',
  };
  await mkdir(join(folder, "bin"));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { folder, env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` } };
}

const NO_PLAN = "<!-- fairlead -->\nNo plan: the change is refused, and the check says why.\n";

test("GitLab's pipeline fails for a refused change, and its note no longer speaks of the one before", async (t) => {
  const { folder, env } = await standIns(t);
  const file = scaffoldFiles({ product: "agent" }).find(({ path }) => path === ".gitlab-ci.yml");
  const { script } = parse(file?.content ?? "").fairlead;
  const variables = {
    ...{ FAIRLEAD_PACKAGE: "x", BASE: "base", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" },
    ...{ CI_API_V4_URL: "https://forge/api/v4", CI_PROJECT_ID: "5", CI_MERGE_REQUEST_IID: "9" },
  };
  const ran = await run("sh", ["-e"], {
    ...{ cwd: folder, input: script.join("\n"), env: { ...env, ...variables, FAIRLEAD_NOTE_TOKEN: "t" } },
  });
  assert.equal(ran.code, 1, ran.stderr);
  assert.equal(await readFile(join(folder, "plan.md"), "utf8"), NO_PLAN);
  const calls = await readFile(join(folder, "calls"), "utf8");
  assert.match(
    calls,
    /curl .*--request PUT .*body@plan\.md https:\/\/forge\/api\/v4\/projects\/5\/merge_requests\/9\/notes\/7/,
  );
  await rm(join(folder, "calls"));
  await run("sh", ["-e"], { cwd: folder, input: script.join("\n"), env: { ...env, ...variables } });
  assert.doesNotMatch(
    await readFile(join(folder, "calls"), "utf8"),
    /curl/,
    "a fork has no token, and needs none",
  );
});

test("GitHub's workflow goes on to plan and comment when a change is refused, and a fork gets the summary", async (t) => {
  const { folder, env } = await standIns(t);
  const file = scaffoldFiles({ product: "agent" }).find(({ path }) =>
    path.endsWith("workflows/fairlead.yml"),
  );
  const steps: readonly { readonly if?: string; readonly run?: string }[] = parse(file?.content ?? "").jobs
    .check.steps;
  const [plan, comment] = steps.filter((step) => step.if !== undefined);
  assert.match(plan?.if ?? "", /^\$\{\{ !cancelled\(\) \}\}$/);
  assert.match(comment?.if ?? "", /!cancelled\(\) && .*head\.repo\.full_name == github\.repository/);
  const variables = {
    BASE: "base",
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    GITHUB_REPOSITORY: "a/b",
    NUMBER: "9",
  };
  const ran = await run("bash", ["-e"], {
    cwd: folder,
    input: plan?.run ?? "",
    env: { ...env, ...variables },
  });
  assert.equal(ran.code, 1, ran.stderr);
  assert.equal(await readFile(join(folder, "summary"), "utf8"), NO_PLAN);
  await runOk("bash", ["-e"], { cwd: folder, input: comment?.run ?? "", env: { ...env, ...variables } });
  assert.match(
    await readFile(join(folder, "calls"), "utf8"),
    /gh api --method PATCH repos\/a\/b\/issues\/comments\/7/,
  );
});
