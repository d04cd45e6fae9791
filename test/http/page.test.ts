import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type TestContext, test } from "node:test";
import { encodeFile } from "../../controller/http/manifest/prepared-file.ts";
import { type PageFile, type PreparedPage, preparePage } from "../../controller/http/page/page.ts";
import { wantsDocument } from "../../controller/http/page/wants-document.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
const DOCUMENT = `<!doctype html><script src="/page/main-AAAAAAAA.js"></script>${" ".repeat(600)}`;
const SCRIPT = `console.log("${"x".repeat(600)}")`;

function file(name: string, contentType: string, text: string): PageFile {
  const bytes = Buffer.from(text);
  return {
    name,
    contentType,
    encoded: encodeFile(bytes, createHash("sha256").update(bytes).digest("hex")),
  };
}

const samplePage: PreparedPage = async () =>
  preparePage({
    document: file("index.html", "text/html; charset=utf-8", DOCUMENT),
    parts: [file("main-AAAAAAAA.js", "text/javascript; charset=utf-8", SCRIPT)],
  });

function start(t: TestContext, page: PreparedPage | undefined = samplePage): Promise<TestServer> {
  return TestServer.start(t, sampleManifest(), page === undefined ? {} : { page });
}

const VIEWS = [
  "/",
  "/rollouts",
  "/rollouts/lantern/stable",
  "/fleet?tenant=acme",
  "/devices/d-7f3a",
  "/history",
  "/history/c4d1e07",
  "/plan?ref=x",
];

test("a browser gets the page at each of its addresses, and what it may do there is said", async (t) => {
  const server = await start(t);
  for (const path of VIEWS) {
    const { status, headers, body } = await server.ask(path, { accept: BROWSER });
    assert.equal(status, 200, path);
    assert.equal(body, DOCUMENT);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.equal(headers["cache-control"], "no-cache");
    assert.equal(headers.vary, "Accept, Accept-Encoding");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  }
});

test("whoever is no browser gets the text at /, and nothing at the page's other addresses", async (t) => {
  const server = await start(t);
  for (const accept of ["*/*", "application/json", "text/html;q=0, */*"]) {
    const front = await server.ask("/", { accept });
    assert.deepEqual([front.status, front.headers["content-type"]], [200, "text/plain; charset=utf-8"]);
    assert.match(front.body, /\/tuf\/timestamp\.json/);
    for (const path of VIEWS.slice(1)) {
      const { status, headers } = await server.ask(path, { accept });
      assert.deepEqual(
        [status, headers["content-type"]],
        [404, "application/problem+json; charset=utf-8"],
        path,
      );
    }
  }
});

test("what the API does not have stays an error of the API, also for a browser", async (t) => {
  const server = await start(t);
  for (const path of [
    "/api/v1/nothing",
    "/tuf/9.root.json",
    "/page/main-BBBBBBBB.js",
    "/page/",
    "/elsewhere",
  ]) {
    const { status, body } = await server.ask(path, { accept: BROWSER });
    assert.equal(status, 404, path);
    assert.match(body, /"code":/, path);
  }
  assert.equal((await server.ask("/fleet", { accept: BROWSER }, "POST")).status, 405);
});

test("what the page asks for is kept for ever, in the encoding that the browser takes", async (t) => {
  const server = await start(t);
  const answer = await server.get("/page/main-AAAAAAAA.js", { "accept-encoding": "identity" });
  assert.equal(await answer.text(), SCRIPT);
  assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(answer.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  const packed = await server.get("/page/main-AAAAAAAA.js", { "accept-encoding": "gzip, br" });
  assert.equal(packed.headers.get("content-encoding"), "br");
  assert.equal(await packed.text(), SCRIPT);
});

test("a page that has not changed is not sent again, and HEAD sends none of it", async (t) => {
  const server = await start(t);
  const first = await server.ask("/", { accept: BROWSER, "accept-encoding": "br" });
  const etag = String(first.headers.etag);
  const again = await server.ask("/", { accept: BROWSER, "accept-encoding": "br", "if-none-match": etag });
  assert.deepEqual([again.status, again.body], [304, ""]);
  assert.equal(again.headers.vary, "Accept, Accept-Encoding");
  const head = await server.ask("/fleet", { accept: BROWSER, "accept-encoding": "br" }, "HEAD");
  assert.deepEqual([head.status, head.body, head.headers.etag], [200, "", etag]);
  assert.ok(Number(head.headers["content-length"]) > 0);
});

test("where the page cannot be had, / says so and everything else is served", async (t) => {
  const server = await start(t, async () => undefined);
  for (const path of ["/", "/fleet"]) {
    const { status, headers, body } = await server.ask(path, { accept: BROWSER });
    assert.deepEqual([status, headers["content-type"]], [200, "text/plain; charset=utf-8"]);
    assert.match(body, /page for browsers is missing/);
  }
  assert.equal((await server.ask("/page/main-AAAAAAAA.js")).status, 404);
  assert.equal((await server.ask("/tuf/timestamp.json")).status, 200);
});

test("a listener for agents alone has no page", async (t) => {
  const server = await TestServer.start(t, sampleManifest());
  const front = await server.ask("/", { accept: BROWSER });
  assert.equal(front.headers["content-type"], "text/plain; charset=utf-8");
  assert.equal((await server.ask("/fleet", { accept: BROWSER })).status, 404);
});

test("the page is on no list of what scripts can ask", async (t) => {
  const server = await start(t);
  const { body } = await server.ask("/openapi.json");
  assert.doesNotMatch(body, /"\/(?:page|fleet|rollouts|devices|history|plan)?[/"]?":/);
});

test("an Accept header that names HTML is a browser's", () => {
  for (const accept of [BROWSER, "text/html", "application/xml, text/html;q=0.5", "TEXT/HTML;level=1"]) {
    assert.equal(wantsDocument(accept), true, accept);
  }
  for (const accept of [
    undefined,
    "",
    "*/*",
    "application/json",
    "text/html;q=0",
    "text/html; q=0.0,*/*",
    "text/htmlx",
  ]) {
    assert.equal(wantsDocument(accept), false, accept ?? "none");
  }
});
