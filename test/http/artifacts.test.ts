import assert from "node:assert/strict";
import { Hash } from "node:crypto";
import { mkdir, rename, rm, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { requestRaw } from "./raw-request.ts";
import { artifactBytes, artifactPath, PLATFORM, release, sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const bytes = artifactBytes("1.1.0");
const plain = `/targets/${artifactPath("1.1.0")}`;
const prefixed = `/targets/releases/lantern/1.1.0/${PLATFORM}/${sha256Hex(bytes)}.lantern-1.1.0`;
const etag = `"${sha256Hex(bytes)}"`;

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code;
}

test("an artifact is served by both of its names, and only the one with its digest is immutable", async (t) => {
  const server = await TestServer.start(t);
  for (const path of [plain, prefixed]) {
    const answer = await server.get(path);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("etag"), etag);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    assert.equal(answer.headers.get("cache-control")?.includes("immutable"), path === prefixed);
  }
  const wrong = prefixed.replace(sha256Hex(bytes), sha256Hex(artifactBytes("1.0.0")));
  assert.equal((await server.get(wrong)).status, 404);
});

test("an interrupted download goes on where it stopped", async (t) => {
  const server = await TestServer.start(t);
  const rest = await server.get(prefixed, { range: "bytes=100-", "if-range": etag });
  assert.equal(rest.status, 206);
  assert.equal(rest.headers.get("content-range"), `bytes 100-${bytes.length - 1}/${bytes.length}`);
  assert.deepEqual(Buffer.from(await rest.arrayBuffer()), bytes.subarray(100));

  const middle = await server.get(prefixed, { range: "bytes=10-19" });
  assert.deepEqual(Buffer.from(await middle.arrayBuffer()), bytes.subarray(10, 20));
  const tail = await server.get(prefixed, { range: "bytes=-5" });
  assert.deepEqual(Buffer.from(await tail.arrayBuffer()), bytes.subarray(-5));
});

test("a range of another file's bytes gives the whole file, and one beyond the end 416", async (t) => {
  const server = await TestServer.start(t);
  const changed = await server.get(prefixed, { range: "bytes=100-", "if-range": '"other"' });
  assert.equal(changed.status, 200);
  assert.deepEqual(Buffer.from(await changed.arrayBuffer()), bytes);
  const beyond = await server.get(prefixed, { range: `bytes=${bytes.length}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${bytes.length}`);
  assert.equal(await codeOf(beyond), "http/range-not-satisfiable");
});

test("a conditional request for an artifact that is known opens no file", async (t) => {
  const server = await TestServer.start(t);
  await rm(join(server.artifacts, "lantern-1.1.0"));
  assert.equal((await server.get(prefixed, { "if-none-match": etag })).status, 304);
});

test("HEAD gives the size of an artifact and no byte of it", async (t) => {
  const server = await TestServer.start(t);
  const answer = await server.get(prefixed, {}, "HEAD");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-length"), String(bytes.length));
  assert.equal((await answer.arrayBuffer()).byteLength, 0);
});

test("an artifact that is hosted elsewhere is a redirect", async (t) => {
  const url = "https://cdn.example/lantern-1.1.0";
  const server = await TestServer.start(t, sampleManifest({ urls: { "1.1.0": url } }));
  const answer = await server.get(prefixed);
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), url);
});

test("a released artifact whose file is missing or has another length is never served as if it were right", async (t) => {
  const server = await TestServer.start(t);
  await writeFile(join(server.artifacts, "lantern-1.1.0"), "truncated");
  const differs = await server.get(prefixed);
  assert.equal(differs.status, 503);
  assert.equal(await codeOf(differs), "http/artifact-differs");
  await rm(join(server.artifacts, "lantern-1.1.0"));
  const missing = await server.get(prefixed);
  assert.equal(missing.status, 404);
  assert.equal(await codeOf(missing), "http/artifact-missing");
});

/** `fs.read` is where hashing gets its bytes; sending a file does not pass here. */
function countHashedBytes(t: TestContext): () => number {
  let bytes = 0;
  const original = Hash.prototype.update;
  t.mock.method(Hash.prototype, "update", function (this: Hash, data: string | Buffer) {
    bytes += data.length;
    return original.call(this, data);
  });
  return () => bytes;
}

test("a file of the right length with one other byte is a 503 and an alarm, until the right one is back", async (t) => {
  const server = await TestServer.start(t);
  const file = join(server.artifacts, "lantern-1.1.0");
  const wrong = Buffer.from(bytes);
  wrong.writeUInt8(wrong.readUInt8(40) ^ 1, 40);
  await writeFile(file, wrong);
  for (const [path, headers, method] of [
    [prefixed, {}, "GET"],
    [plain, {}, "GET"],
    [prefixed, { range: "bytes=0-9" }, "GET"],
    [prefixed, {}, "HEAD"],
  ] as const) {
    const answer = await server.get(path, headers, method);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.equal(answer.headers.get("etag"), null, "no cache may take it for the file");
    if (method === "GET") assert.equal(await codeOf(answer), "http/artifact-differs");
  }
  const status = await server.ask("/api/v1/status");
  assert.match(status.body, /"degraded":true.*"damagedArtifacts":\[\{"target":"releases\/lantern\/1\.1\.0/);
  assert.match((await server.ask("/metrics")).body, /^fairlead_artifacts_damaged 1$/m);
  assert.equal((await server.ask(`/targets/${artifactPath("1.0.0")}`)).status, 200, "the others are served");

  await writeFile(file, bytes);
  assert.equal((await server.get(prefixed)).status, 200);
  assert.match((await server.ask("/api/v1/status")).body, /"degraded":false/);
  assert.match((await server.ask("/metrics")).body, /^fairlead_artifacts_damaged 0$/m);
});

/** A manifest whose 1.1.0 has other bytes. */
function manifestWith(signed: { readonly size: number; readonly sha256: string }): PublishedManifest {
  const { artifacts } = release("1.1.0");
  const changed = release("1.1.0", { artifacts: artifacts.map((artifact) => ({ ...artifact, ...signed })) });
  return sampleManifest({ releases: [release("1.0.0"), changed] });
}

test("a file is hashed once for everybody who waits for it, and again only when it has changed on disk", async (t) => {
  const server = await TestServer.start(t);
  const file = join(server.artifacts, "lantern-1.1.0");
  const big = Buffer.alloc(3 * 1024 * 1024, "artifact");
  const artifact = { size: big.length, sha256: sha256Hex(big) };
  await writeFile(file, big);
  await server.serve(manifestWith(artifact));

  const hashed = countHashedBytes(t);
  const answers = await Promise.all(Array.from({ length: 8 }, () => server.get(plain)));
  for (const answer of answers) assert.ok(Buffer.from(await answer.arrayBuffer()).equals(big));
  assert.equal(hashed(), big.length, "eight at once are one hash");
  await server.ask(plain, { range: "bytes=5-9" });
  assert.equal(hashed(), big.length, "a later request hashes nothing");

  await utimes(file, new Date(), new Date(2020, 1));
  assert.equal((await server.ask(plain)).status, 200);
  assert.equal(hashed(), 2 * big.length, "another time of change is another file");

  const { mtime, atime } = await stat(file);
  const changed = Buffer.from(big);
  changed.writeUInt8(0, 2_000_000);
  await writeFile(file, changed);
  await utimes(file, atime, mtime);
  assert.equal((await server.ask(plain)).status, 503, "nor does putting the old time back hide a change");

  await rename(await beside(file, big), file);
  assert.equal((await server.ask(plain)).status, 200, "a file that was moved into its place is another file");
});

async function beside(file: string, content: Buffer): Promise<string> {
  await writeFile(`${file}.new`, content);
  return `${file}.new`;
}

test("others are answered while a large artifact is hashed", async (t) => {
  const server = await TestServer.start(t);
  const file = join(server.artifacts, "lantern-1.1.0");
  // Sparse: 512 MiB that take no space, and all of it to hash.
  const size = 512 * 1024 ** 2;
  await truncate(file, size);
  await server.serve(manifestWith({ size, sha256: "0".repeat(64) }));

  let isHashed = false;
  const large = server.ask(plain).then((answer) => {
    isHashed = true;
    return answer;
  });
  let answered = 0;
  while (!isHashed) {
    assert.equal((await server.ask("/tuf/timestamp.json")).status, 200);
    assert.equal((await server.ask(`/targets/${artifactPath("1.0.0")}`)).status, 200);
    answered++;
  }
  assert.equal((await large).status, 503);
  assert.ok(answered > 20, `${answered} were answered meanwhile`);
});

test("no request leaves the map of known targets, however its path is written", async (t) => {
  const server = await TestServer.start(t);
  await writeFile(join(server.artifacts, "secret"), "secret");
  const attempts = [
    "/targets/../secret",
    "/targets/..%2fsecret",
    "/targets/%2e%2e/secret",
    "/targets/secret",
    "/targets/artifacts/secret",
    "/targets//etc/passwd",
    "/targets/releases/lantern/1.1.0/linux-x64/../../../../secret",
    "/targets/releases/lantern/1.1.0/linux-x64/%2e%2e%2f%2e%2e%2fsecret",
    "/targets/releases\\lantern\\1.1.0",
    "/targets/constructor",
    "/targets/__proto__",
    "/tuf/../package.json",
    "/tuf/%2e%2e%2fpackage.json",
    "/tuf/constructor",
    `/targets/${"a".repeat(2000)}`,
    "/targets/%00",
    "/targets/%ff%fe",
  ];
  for (const path of attempts) {
    const { status, body } = await requestRaw(server.port, path);
    assert.ok(status === 404 || status === 400 || status === 414, `${path}: ${status}`);
    assert.ok(!body.includes("secret") || body.includes("error"), path);
    assert.ok(!body.includes("root:"), path);
  }
});

test("a commit cannot make the server read outside the artifact folder", async (t) => {
  const server = await TestServer.start(t);
  const outside = join(server.artifacts, "..", `outside-${process.pid}`);
  await writeFile(outside, bytes);
  t.after(() => rm(outside, { force: true }));
  await mkdir(join(server.artifacts, "sub"));
  await symlink(outside, join(server.artifacts, "link"));
  for (const url of [
    `artifacts/../../outside-${process.pid}`,
    `../outside-${process.pid}`,
    outside,
    "link",
    "sub",
  ]) {
    await server.serve(sampleManifest({ urls: { "1.1.0": url } }));
    const answer = await server.get(prefixed);
    assert.equal(answer.status, 404, url);
    assert.equal(await codeOf(answer), "http/artifact-missing", url);
  }
});
