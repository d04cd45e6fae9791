import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { BranchWriter, type NewBranch } from "../../controller/source/branch-writer.ts";
import { GitSource } from "../../controller/source/git-source.ts";
import type { RemoteAccess } from "../../controller/source/remote-access.ts";
import { SourceError } from "../../controller/source/source-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { startGitHttpsServer } from "../source/git-https-server.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { Branches, bareCopy } from "./git-repositories.ts";

const FILE = "products/lantern/channels/stable.yaml";

async function sampleState(t: TestContext): Promise<{ state: StateRepository; commit: string }> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  return { state, commit: await state.commit("lantern 1.0.0") };
}

async function writerTo(t: TestContext, address: string, access: RemoteAccess = {}): Promise<BranchWriter> {
  const folder = await temporaryFolder(t);
  const location = parseSourceLocation(address);
  const mirrorsFolder = join(folder, "mirrors");
  const source = await GitSource.open({ location, ref: "main", path: "", mirrorsFolder, access });
  t.after(() => source.close());
  await source.head();
  const { repository } = source;
  const writer = new BranchWriter({ location, repository, folder: join(folder, "proposals"), access });
  t.after(() => writer.close());
  return writer;
}

function branch(base: string, more: Partial<NewBranch> = {}): NewBranch {
  return {
    name: "fairlead/halt-lantern-stable-1.0.0",
    base,
    files: new Map([[FILE, "version: 1.0.0\nhalted: {version: 1.0.0, reason: it crashes}\n"]]),
    message: "halt lantern 1.0.0 on stable\n\n3 of 3 failed\n",
    by: { name: "Fairlead", mail: "fairlead@acme.example" },
    at: 1_800_000_000,
    ...more,
  };
}

/** One commit on top of `base` that changes that file alone. */
async function isOneCommit(
  repository: Branches,
  { name, base, files }: NewBranch,
  commit: string,
): Promise<void> {
  assert.equal(await repository.git("rev-parse", `refs/heads/${name}`), commit);
  assert.equal(await repository.git("rev-parse", `${commit}^`), base);
  assert.equal(await repository.git("diff", "--name-only", base, commit), [...files.keys()].join("\n"));
  for (const [path, text] of files)
    assert.equal(await repository.git("show", `${commit}:${path}`), text?.trim());
  const written = await repository.git("log", "-1", "--format=%an <%ae> %cn <%ce> %ct %s / %b", commit);
  assert.equal(
    written,
    "Fairlead <fairlead@acme.example> Fairlead <fairlead@acme.example> 1800000000 halt lantern 1.0.0 on stable / 3 of 3 failed",
  );
}

test("in a local repository a branch gets one commit; what is checked out, staged and changed there stays as it is", async (t) => {
  const { state, commit } = await sampleState(t);
  await writeFile(join(state.directory, "staged"), "staged\n");
  await runOk("git", ["add", "staged"], { cwd: state.directory });
  await state.write(FILE, "somebody works on it\n");
  const repository = new Branches(state.directory);
  const before = await repository.git("status", "--porcelain=v2", "--branch");

  const writer = await writerTo(t, state.directory);
  const made = await writer.write(branch(commit));
  assert.ok(made);
  await isOneCommit(repository, branch(commit), made);
  assert.equal(await repository.git("status", "--porcelain=v2", "--branch"), before);
});

test("a hook of the repository is not run, and a file keeps its mode, also below a folder of a monorepo", async (t) => {
  const { state } = await sampleState(t);
  await state.write("ops/fleet/a file", "one\n");
  await chmod(join(state.directory, "ops/fleet/a file"), 0o755);
  const base = await state.commit("more");
  const hook = join(state.directory, ".git/hooks/reference-transaction");
  await mkdir(join(state.directory, ".git/hooks"), { recursive: true });
  await writeFile(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const writer = await writerTo(t, state.directory);
  const more = { files: new Map([["ops/fleet/a file", "two\n"]]) };
  const made = await writer.write(branch(base, more));
  assert.ok(made);
  const repository = new Branches(state.directory);
  await isOneCommit(repository, branch(base, more), made);
  assert.match(await repository.git("ls-tree", made, "ops/fleet/"), /^100755 blob/);
});

test("a file that goes is not in the commit any more, and nothing else is missing", async (t) => {
  const { state } = await sampleState(t);
  await state.write("ops/goes", "one\n");
  const base = await state.commit("more");
  const writer = await writerTo(t, state.directory);
  const files = new Map<string, string | undefined>([["ops/goes", undefined]]);
  const made = await writer.write(branch(base, { files }));
  assert.ok(made);
  const repository = new Branches(state.directory);
  assert.equal(await repository.git("diff", "--name-status", base, made), "D\tops/goes");
});

for (const kind of ["local", "file"] as const) {
  test(`a branch that is there is never changed (${kind})`, async (t) => {
    const { state, commit } = await sampleState(t);
    const repository =
      kind === "local"
        ? new Branches(state.directory)
        : await bareCopy(state.directory, await temporaryFolder(t));
    const { name } = branch(commit);
    // At the base: a push without more would move it forward.
    await repository.git("branch", name, commit);
    const writer = await writerTo(t, kind === "local" ? repository.folder : `file://${repository.folder}`);
    assert.equal(await writer.write(branch(commit)), undefined);
    assert.equal(await repository.git("rev-parse", `refs/heads/${name}`), commit);
  });
}

test("a remote gets the branch by a push, and again only says that it is there", async (t) => {
  const { state, commit } = await sampleState(t);
  const remote = await bareCopy(state.directory, await temporaryFolder(t));
  const writer = await writerTo(t, `file://${remote.folder}`);
  const made = await writer.write(branch(commit));
  assert.ok(made);
  await isOneCommit(remote, branch(commit), made);
  assert.equal(await writer.write(branch(commit, { message: "another\n" })), undefined);
  assert.equal(await remote.git("rev-parse", `refs/heads/${branch(commit).name}`), made);
  const other = branch(commit, { name: "fairlead/halt-lantern-beta-1.0.0" });
  const second = await writer.write(other);
  assert.ok(second);
  await isOneCommit(remote, other, second);
});

test("a remote whose hook refuses is told with its words, and nothing is left behind", async (t) => {
  const { state, commit } = await sampleState(t);
  const remote = await bareCopy(state.directory, await temporaryFolder(t));
  const hook = join(remote.folder, "hooks/pre-receive");
  await mkdir(join(remote.folder, "hooks"), { recursive: true });
  await writeFile(hook, "#!/bin/sh\necho 'only people push here' >&2\nexit 1\n", { mode: 0o755 });
  const writer = await writerTo(t, `file://${remote.folder}`);
  await assert.rejects(writer.write(branch(commit)), (error) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, "source/push-refused");
    assert.match(error.message, /pre-receive hook declined.*only people push here/);
    assert.match(error.help ?? "", /propose: off/);
    return true;
  });
  assert.deepEqual(await remote.names(), ["main"]);
});

test("over HTTPS the credentials of the source push; where they may only read, that is said with the remedy", async (t) => {
  const { state, commit } = await sampleState(t);
  const folder = await temporaryFolder(t);
  const remote = await bareCopy(state.directory, folder);
  const { caFile, key, cert } = makePrivateAuthority(await temporaryFolder(t));
  const account = { user: "fleet", password: "s3cret-t0ken" };
  const { url } = await startGitHttpsServer(t, { projects: folder, key, cert, ...account });
  const credentialsFile = join(await temporaryFolder(t), "credentials");
  const address = new URL("state.git", url);
  await writeFile(credentialsFile, `https://fleet:s3cret-t0ken@${address.host}\n`, { mode: 0o600 });
  const access = { caFile, credentialsFile };

  const writer = await writerTo(t, address.href, access);
  await assert.rejects(writer.write(branch(commit)), (error) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, "source/push-refused");
    assert.match(error.help ?? "", /token or key that may push branches below `fairlead\/`/);
    assert.doesNotMatch(error.message, /s3cret/);
    return true;
  });
  assert.deepEqual(await remote.names(), ["main"]);

  await remote.git("config", "http.receivepack", "true");
  const made = await writer.write(branch(commit));
  assert.ok(made);
  await isOneCommit(remote, branch(commit), made);
});

test("a remote that is gone is no refusal", async (t) => {
  const { state, commit } = await sampleState(t);
  const remote = await bareCopy(state.directory, await temporaryFolder(t));
  const writer = await writerTo(t, `file://${remote.folder}`);
  await runOk("rm", ["-rf", remote.folder]);
  await assert.rejects(writer.write(branch(commit)), { code: "source/repository-unreachable" });
});

/** A branch writer's next commit on `main`, in somebody's name. */
function next(base: string): NewBranch {
  return branch(base, { name: "main", author: { name: "ada@acme.example", mail: "ada@acme.example" } });
}

async function isNextCommit(repository: Branches, base: string, commit: string | undefined): Promise<void> {
  assert.ok(commit);
  assert.equal(await repository.git("rev-parse", "refs/heads/main"), commit);
  assert.equal(await repository.git("rev-parse", `${commit}^`), base);
  assert.equal(
    await repository.git("log", "-1", "--format=%an <%ae> %cn <%ce>", commit),
    "ada@acme.example <ada@acme.example> Fairlead <fairlead@acme.example>",
  );
}

test("the next commit of a branch that is checked out changes its files there, and leaves unsaved work alone", async (t) => {
  const { state, commit } = await sampleState(t);
  await state.write("tenants/acme.yaml", "channel: stable\n# unsaved\n");
  const writer = await writerTo(t, state.directory);
  const made = await writer.extend(next(commit));
  const repository = new Branches(state.directory);
  await isNextCommit(repository, commit, made);
  assert.equal(await readFile(join(state.directory, FILE), "utf8"), next(commit).files.get(FILE));
  assert.equal(await repository.git("status", "--porcelain"), "M tenants/acme.yaml");

  await state.write(FILE, "somebody works on it\n");
  const again = { ...next(made ?? ""), files: new Map([[FILE, "version: 1.0.0\n"]]) };
  await assert.rejects(writer.extend(again), (error: unknown) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, "source/push-refused");
    assert.match(error.message, /would be overwritten/);
    return true;
  });
  assert.equal(await repository.git("rev-parse", "refs/heads/main"), made);
  assert.equal(await readFile(join(state.directory, FILE), "utf8"), "somebody works on it\n");
});

for (const kind of ["bare", "file"] as const) {
  test(`the next commit comes only on top of the commit that was looked at (${kind})`, async (t) => {
    const { state, commit } = await sampleState(t);
    const bare = await bareCopy(state.directory, await temporaryFolder(t));
    const writer = await writerTo(t, kind === "bare" ? bare.folder : `file://${bare.folder}`);
    const made = await writer.extend(next(commit));
    await isNextCommit(bare, commit, made);
    assert.equal(await writer.extend(next(commit)), undefined, "somebody has come between");
    assert.equal(await bare.git("rev-parse", "refs/heads/main"), made);
  });
}
