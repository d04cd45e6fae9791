import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
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
