import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { GitSource } from "../../controller/source/git-source.ts";
import { SourceError, type SourceErrorCode } from "../../controller/source/source-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { ScratchRepository, scratchFolder } from "./scratch-repository.ts";

const withCode = (code: SourceErrorCode) => (error: unknown) =>
  error instanceof SourceError && error.code === code;

async function open(t: TestContext, text: string, mirrorsFolder: string, fetchDeadlineMs = 30_000) {
  const location = parseSourceLocation(text, { allowHttp: true });
  const source = await GitSource.open({
    location,
    ref: "main",
    path: "releases",
    mirrorsFolder,
    fetchDeadlineMs,
  });
  t.after(() => source.close());
  return source;
}

test("a remote over file:// is mirrored without a checkout and gives its snapshot and histories", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  const mirrors = scratchFolder(t);
  const source = await open(t, pathToFileURL(scratch.folder).href, mirrors);
  const first = await source.head();
  const second = scratch.promote("1.1.0");
  assert.equal(await source.head(), second);
  assert.equal(await source.descends(second, first), true);
  assert.equal((await source.snapshot(second)).files[0]?.bytes.toString(), "version: 1.1.0\n");
  assert.equal((await source.histories(second)).get("agent/stable")?.length, 2);
  const [mirror = ""] = readdirSync(mirrors);
  assert.equal(existsSync(join(mirrors, mirror, "releases")), false);
});

test("a remote whose state root nobody named is read where each commit has its fleet.yaml", async (t) => {
  const scratch = new ScratchRepository(t);
  const none = scratch.commit("nothing yet");
  scratch.write("releases/fleet.yaml", "defaultChannel: stable\n");
  const below = scratch.commit("state in releases/");
  scratch.git("mv", "releases/fleet.yaml", "fleet.yaml");
  const top = scratch.commit("state at the top");
  const source = await GitSource.open({
    location: parseSourceLocation(pathToFileURL(scratch.folder).href),
    ref: "main",
    path: undefined,
    mirrorsFolder: scratchFolder(t),
  });
  t.after(() => source.close());
  assert.equal(await source.head(), top);
  for (const commit of [below, top]) {
    const { files } = await source.snapshot(commit);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["fleet.yaml"],
    );
  }
  await assert.rejects(source.snapshot(none), withCode("source/path-not-found"));
});

test("a force-push is fetched and seen as not descending, whether or not the old commit is still there", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  const old = scratch.promote("1.1.0");
  const source = await open(t, pathToFileURL(scratch.folder).href, scratchFolder(t));
  assert.equal(await source.head(), old);
  scratch.git("reset", "-q", "--hard", "HEAD~1");
  const rewritten = scratch.promote("6.6.6");
  assert.equal(await source.head(), rewritten);
  assert.equal(await source.descends(rewritten, old), false);
  assert.equal(await source.descends(rewritten, "1".repeat(40)), false);
});

test("what a killed fetch left is swept when the mirror is opened again", async (t) => {
  const scratch = new ScratchRepository(t);
  const commit = scratch.promote("1.0.0");
  const mirrors = scratchFolder(t);
  const url = pathToFileURL(scratch.folder).href;
  (await open(t, url, mirrors)).close();
  const mirror = join(mirrors, readdirSync(mirrors)[0] ?? "");
  mkdirSync(join(mirror, "refs/fairlead"), { recursive: true });
  const left = ["objects/pack/tmp_pack_x1", "refs/fairlead/tip.lock", "packed-refs.lock", "shallow.lock"];
  for (const name of left) writeFileSync(join(mirror, name), "");
  assert.equal(await (await open(t, url, mirrors)).head(), commit);
  for (const name of left) assert.equal(existsSync(join(mirror, name)), false, name);
});

test("a server that never answers is given up at the deadline, and its helper process is killed too", async (t) => {
  const sockets = new Set<Socket>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    // The helper holds the connection: it ends only when the helper is dead.
    socket.once("close", () => closed.resolve());
    socket.resume();
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const source = await open(t, `http://127.0.0.1:${address.port}/x.git`, scratchFolder(t), 1_000);
  await assert.rejects(source.head(), withCode("source/timeout"));
  assert.equal(sockets.size, 1);
  await closed.promise;
});

test("an unreachable remote and a missing branch have their own codes, and no message shows the password", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  const url = pathToFileURL(scratch.folder).href;
  const missing = await open(t, `${url}-not-there`, scratchFolder(t));
  await assert.rejects(missing.head(), withCode("source/repository-unreachable"));
  scratch.git("branch", "-m", "trunk");
  await assert.rejects((await open(t, url, scratchFolder(t))).head(), withCode("source/ref-not-found"));
  const refused = await open(t, "http://bot:hunter2@127.0.0.1:1/x.git", scratchFolder(t));
  await assert.rejects(refused.head(), (error: unknown) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, "source/repository-unreachable");
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

for (const text of [
  "",
  "-x",
  "--upload-pack=x",
  "ext::sh -c x",
  "git://h/x",
  "http://h/x",
  "ssh://-oProxy/x",
  "a\nb",
]) {
  test(`${JSON.stringify(text)} is refused as a source`, () => {
    assert.throws(() => parseSourceLocation(text), withCode("source/bad-source"));
  });
}

test("folders, URLs and scp-like addresses are told apart", () => {
  assert.deepEqual(parseSourceLocation("/srv/state"), { kind: "local", folder: "/srv/state" });
  assert.deepEqual(parseSourceLocation("."), { kind: "local", folder: "." });
  for (const [url, protocol] of [
    ["https://git.example/x.git", "https"],
    ["ssh://git@git.example/x.git", "ssh"],
    ["git@git.example:acme/state.git", "ssh"],
    ["file:///srv/state", "file"],
  ]) {
    assert.deepEqual(parseSourceLocation(url ?? ""), { kind: "remote", url, protocol });
  }
});
