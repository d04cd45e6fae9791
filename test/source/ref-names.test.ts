import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { openRepository } from "../../controller/source/git-repository.ts";
import { GitSource } from "../../controller/source/git-source.ts";
import { resolveCommit } from "../../controller/source/resolve-ref.ts";
import { SourceError } from "../../controller/source/source-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { ScratchRepository, scratchFolder } from "./scratch-repository.ts";

const notFound = (error: unknown) =>
  error instanceof SourceError && error.code === "source/ref-not-found" && error.retry === "waiting";

/** A repository where names were taken that mean something else, as anybody can who may push anything at all. */
function takenNames(t: TestContext) {
  const scratch = new ScratchRepository(t);
  const old = scratch.promote("1.0.0");
  const main = scratch.promote("1.1.0");
  scratch.git("checkout", "-q", "-b", "side");
  const evil = scratch.promote("6.6.6");
  scratch.git("checkout", "-q", "main");
  for (const ref of ["refs/tags/main", "refs/tags/HEAD", "refs/heads/HEAD", "refs/main", "refs/HEAD"]) {
    scratch.git("update-ref", ref, evil);
  }
  return { scratch, old, main, evil };
}

async function resolve(scratch: ScratchRepository, name: string): Promise<string> {
  const repository = await openRepository(scratch.folder);
  try {
    return await resolveCommit(repository, name);
  } finally {
    repository.close();
  }
}

async function headOf(t: TestContext, scratch: ScratchRepository, ref: string): Promise<string> {
  const source = await GitSource.open({
    location: parseSourceLocation(pathToFileURL(scratch.folder).href),
    ref,
    path: "releases",
    mirrorsFolder: scratchFolder(t),
  });
  t.after(() => source.close());
  return source.head();
}

for (const where of ["in a repository", "on a remote"] as const) {
  const commitAt = (t: TestContext, scratch: ScratchRepository, name: string) =>
    where === "on a remote" ? headOf(t, scratch, name) : resolve(scratch, name);

  test(`${where} a short name is the branch, whatever tags and other refs are called`, async (t) => {
    const { scratch, main, evil } = takenNames(t);
    assert.equal(await commitAt(t, scratch, "main"), main);
    assert.equal(await commitAt(t, scratch, "refs/heads/main"), main);
    assert.equal(await commitAt(t, scratch, "HEAD"), main);
    assert.equal(await commitAt(t, scratch, "refs/tags/main"), evil);
    assert.equal(await commitAt(t, scratch, "refs/heads/HEAD"), evil);
  });

  test(`${where} a name that leads nowhere is never another ref's`, async (t) => {
    const { scratch, evil } = takenNames(t);
    const gone = ["refs/tags/gone", "refs/gone", "refs/remotes/gone", "refs/tags/refs/heads/gone"];
    for (const ref of [
      ...gone,
      "refs/heads/refs/heads/gone",
      "refs/tags/refs/tags/v1",
      "refs/heads/x/HEAD",
    ]) {
      scratch.git("update-ref", ref, evil);
    }
    // A default branch without a commit: git would go on to the tag HEAD.
    scratch.git("symbolic-ref", "HEAD", "refs/heads/nothing-yet");
    for (const name of ["gone", "refs/heads/gone", "refs/tags/v1", "x", "HEAD", "nothing-yet"]) {
      await assert.rejects(commitAt(t, scratch, name), notFound, name);
    }
  });

  test(`${where} a full id is that commit and an abbreviation is none, whatever branches are called`, async (t) => {
    const { scratch, main, old, evil } = takenNames(t);
    const short = old.slice(0, 12);
    await assert.rejects(commitAt(t, scratch, short), notFound);
    scratch.git("update-ref", `refs/heads/${old}`, evil);
    scratch.git("update-ref", `refs/tags/${old}`, evil);
    scratch.git("update-ref", `refs/tags/${short}`, evil);
    assert.equal(await commitAt(t, scratch, old), old);
    await assert.rejects(commitAt(t, scratch, short), notFound);
    scratch.git("update-ref", `refs/heads/${short}`, main);
    assert.equal(await commitAt(t, scratch, short), main);
    const sha256Like = `${old}${"0".repeat(24)}`;
    scratch.git("update-ref", `refs/heads/${sha256Like}`, evil);
    await assert.rejects(commitAt(t, scratch, sha256Like));
  });

  test(`${where} an annotated tag in full is the commit that it is of, and a tag of a tree is none`, async (t) => {
    const { scratch, old } = takenNames(t);
    scratch.git("tag", "-a", "-m", "one", "v1", old);
    scratch.git("tag", "tree", `${old}^{tree}`);
    assert.equal(await commitAt(t, scratch, "refs/tags/v1"), old);
    await assert.rejects(commitAt(t, scratch, "v1"), notFound);
    await assert.rejects(commitAt(t, scratch, "refs/tags/tree"), notFound);
  });

  for (const name of [
    "",
    "-x",
    "--all",
    "a b",
    "a..b",
    "main:path",
    "@",
    "main@{1}",
    ":/fix",
    "x.lock",
    "a\nb",
  ]) {
    test(`${where} ${JSON.stringify(name)} is not looked up`, async (t) => {
      await assert.rejects(commitAt(t, takenNames(t).scratch, name), notFound);
    });
  }
}

test("what was fetched of a remote's branch has its usual name, unless a branch has it; a tag never", async (t) => {
  const { scratch, main, old, evil } = takenNames(t);
  scratch.git("update-ref", "refs/tags/origin/main", evil);
  await assert.rejects(resolve(scratch, "origin/main"), notFound);
  scratch.git("update-ref", "refs/remotes/origin/main", old);
  assert.equal(await resolve(scratch, "origin/main"), old);
  assert.equal(await resolve(scratch, "refs/remotes/origin/main"), old);
  scratch.git("update-ref", "refs/heads/origin/main", main);
  assert.equal(await resolve(scratch, "origin/main"), main);
});

test("steps to an ancestor start at what the name means", async (t) => {
  const { scratch, main, old } = takenNames(t);
  assert.equal(await resolve(scratch, "main~1"), old);
  assert.equal(await resolve(scratch, "HEAD^1"), old);
  assert.equal(await resolve(scratch, "main^0~0"), main);
  await assert.rejects(resolve(scratch, "main~99"), notFound);
  await assert.rejects(headOf(t, scratch, "main~1"), notFound);
});

test("who writes a tag or a commit short is told what to write instead", async (t) => {
  const { scratch, old } = takenNames(t);
  scratch.git("tag", "v1", old);
  const helpFor = async (name: string): Promise<string> => {
    const error = await resolve(scratch, name).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof SourceError);
    return error.help ?? "";
  };
  assert.match(await helpFor("v1"), /write refs\/tags\/v1$/);
  assert.match(await helpFor(old.slice(0, 10)), new RegExp(`write all of it: ${old}$`));
  assert.match(await helpFor("nowhere"), /refs\/tags\/v1, or all 40 digits/);
});

test("git is handed full ids only: a short name is a defect, not a question", async (t) => {
  const { scratch, main } = takenNames(t);
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  for (const name of ["main", "HEAD", main.slice(0, 12), "refs/heads/main", "main:releases"]) {
    await assert.rejects(repository.objects.read([name], 0), TypeError, name);
    await assert.rejects(repository.run(["log", "--max-count=1", name]), TypeError, name);
    await assert.rejects(repository.run(["rev-list", `${main}..${name}`]), TypeError, name);
  }
  await assert.rejects(repository.run(["show", main]), TypeError, "a command that nobody has looked at");
});
