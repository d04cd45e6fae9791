import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_SERVED } from "../../controller/http/served-state.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { decode, requestRaw } from "./raw-request.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

test("metadata comes byte for byte, with a strong entity tag of its encoding", async (t) => {
  const manifest = sampleManifest();
  const server = await TestServer.start(t, manifest);
  const expected = manifest.metadata.get("timestamp.json");
  const tags = new Set<string>();
  for (const encoding of ["identity", "gzip", "br"]) {
    const answer = await requestRaw(server.port, "/tuf/timestamp.json", { "accept-encoding": encoding });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-encoding"), encoding === "identity" ? undefined : encoding);
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.equal(answer.headers.get("vary"), "Accept-Encoding");
    assert.equal(Number(answer.headers.get("content-length")), answer.body.length);
    assert.deepEqual(decode(answer.headers.get("content-encoding"), answer.body), expected);
    tags.add(answer.headers.get("etag") ?? "");
  }
  assert.equal(tags.size, 3);
  for (const tag of tags) assert.match(tag, /^"[0-9a-f]{32}(-gzip|-br)?"$/);
});

test("a coding that the client forbids with q=0 is not used", async (t) => {
  const server = await TestServer.start(t);
  const answer = await requestRaw(server.port, "/tuf/timestamp.json", {
    "accept-encoding": "br;q=0, gzip;q=0.5",
  });
  assert.equal(answer.headers.get("content-encoding"), "gzip");
});

test("a quiet poll is one conditional request that carries no body", async (t) => {
  const server = await TestServer.start(t);
  for (const encoding of ["identity", "br"]) {
    const first = await requestRaw(server.port, "/tuf/timestamp.json", { "accept-encoding": encoding });
    const etag = first.headers.get("etag") ?? "";
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await requestRaw(server.port, "/tuf/timestamp.json", {
        "accept-encoding": encoding,
        "if-none-match": header,
      });
      assert.equal(again.status, 304, header);
      assert.equal(again.body.length, 0);
      assert.equal(again.headers.get("etag"), etag);
    }
  }
  const other = await requestRaw(server.port, "/tuf/timestamp.json", { "if-none-match": '"other"' });
  assert.equal(other.status, 200);
});

test("versioned files may be cached for ever, the timestamp for seconds", async (t) => {
  const server = await TestServer.start(t);
  const control = async (path: string) => (await server.get(path)).headers.get("cache-control");
  assert.match((await control("/tuf/1.root.json")) ?? "", /immutable/);
  assert.match((await control("/tuf/7.snapshot.json")) ?? "", /immutable/);
  const timestamp = (await control("/tuf/timestamp.json")) ?? "";
  assert.ok(!timestamp.includes("immutable"));
  assert.ok(Number(/max-age=(\d+)/.exec(timestamp)?.[1]) <= 60);
});

test("a root that does not exist yet is a 404 that nobody caches for long", async (t) => {
  const server = await TestServer.start(t);
  const answer = await server.get("/tuf/2.root.json");
  assert.equal(answer.status, 404);
  assert.equal(((await answer.json()) as { code: string }).code, "http/not-found");
  assert.equal(answer.headers.get("cache-control"), "no-cache");
});

test("HEAD says what GET would send", async (t) => {
  const server = await TestServer.start(t);
  const get = await server.get("/tuf/1.root.json", { "accept-encoding": "identity" });
  const head = await server.get("/tuf/1.root.json", { "accept-encoding": "identity" }, "HEAD");
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-length"), get.headers.get("content-length"));
  assert.equal(await head.text(), "");
});

test("a policy document is served by its consistent-snapshot name only", async (t) => {
  const manifest = sampleManifest();
  const server = await TestServer.start(t, manifest);
  const bytes = manifest.documents.get("policy/product/lantern.json") ?? Buffer.alloc(0);
  const answer = await server.get(`/targets/policy/product/${sha256Hex(bytes)}.lantern.json`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
  assert.equal((await server.get("/targets/policy/product/lantern.json")).status, 404);
  assert.equal((await server.get(`/targets/policy/product/${"0".repeat(64)}.lantern.json`)).status, 404);
});

test("an agent in the middle of a refresh still finds the documents of the manifest before", async (t) => {
  const before = sampleManifest({ version: 7 });
  const former = Buffer.from(JSON.stringify({ filler: "y".repeat(600) }));
  const name = `policy/product/${sha256Hex(former)}.lantern.json`;
  const server = await TestServer.start(t, { ...before, formerDocuments: new Map([[name, former]]) });
  const answer = await server.get(`/targets/${name}`);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), former);
});

test("a new manifest replaces the old one as a whole", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ version: 7 }));
  await server.serve(sampleManifest({ version: 8 }));
  assert.equal((await server.get("/tuf/7.snapshot.json")).status, 404);
  assert.equal((await server.get("/tuf/8.snapshot.json")).status, 200);
  const timestamp = (await (await server.get("/tuf/timestamp.json")).json()) as {
    signed: { version: number };
  };
  assert.equal(timestamp.signed.version, 8);
});

test("before the first manifest everything about it is a 503 that says when to come back", async (t) => {
  const server = await TestServer.start(t);
  server.state = NOTHING_SERVED;
  for (const path of [
    "/tuf/timestamp.json",
    "/targets/x",
    "/api/v1/agent/latest?product=a&platform=linux-x64",
  ]) {
    const answer = await server.get(path);
    assert.equal(answer.status, 503, path);
    assert.ok(answer.headers.has("retry-after"));
    assert.equal(((await answer.json()) as { code: string }).code, "http/no-manifest");
  }
});
