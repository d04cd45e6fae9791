import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { LIMITS } from "../../controller/http/limits.ts";
import { waitUntil } from "../support/wait-until.ts";
import { sendRaw } from "./raw-request.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const webhook = { secret: "a secret of sixteen or more", trigger: () => {} };

/** Status and code of an answer as it came, which must be a problem of RFC 9457 from the first byte to the last. */
function problemIn(answer: string): [status: number, code: string] {
  const split = answer.indexOf("\r\n\r\n");
  const head = answer.slice(0, split).toLowerCase();
  assert.match(head, /\r\ncontent-type: application\/problem\+json(; charset=utf-8)?(\r\n|$)/, answer);
  const body = answer.slice(split + 4);
  assert.equal(body.length, Number(/content-length: (\d+)/.exec(head)?.[1]));
  const problem = JSON.parse(body) as Record<string, unknown>;
  const status = Number(answer.split(" ")[1]);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:fairlead:error:${problem.code}`);
  for (const field of ["title", "detail"]) assert.ok(String(problem[field]).length > 5, field);
  return [status, String(problem.code)];
}

const close = "host: localhost\r\nconnection: close\r\n";

test("every request that is refused is answered with a problem that says why", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  const signed = `x-hub-signature-256: sha256=${"0".repeat(64)}\r\n`;
  const requests: [request: string, status: number, code: string][] = [
    [`GET /nowhere HTTP/1.1\r\n${close}\r\n`, 404, "http/not-found"],
    [`GET /tuf/nothing.json HTTP/1.1\r\n${close}\r\n`, 404, "http/not-found"],
    [`GET /%ff HTTP/1.1\r\n${close}\r\n`, 400, "http/bad-request"],
    [`GET /targets/${"a".repeat(3000)} HTTP/1.1\r\n${close}\r\n`, 414, "http/uri-too-long"],
    [`GET /${"a".repeat(LIMITS.headerBytes)} HTTP/1.1\r\n${close}\r\n`, 414, "http/uri-too-long"],
    [`GET / HTTP/1.1\r\n${close}x: ${"a".repeat(LIMITS.headerBytes)}\r\n\r\n`, 431, "http/headers-too-large"],
    ["GET / HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "http/bad-request"],
    ["GET / HTTP/1.0\r\n\r\n", 400, "http/bad-request"],
    [`GET / HTTP/1.1\r\n${close}host: localhost\r\n\r\n`, 400, "http/bad-request"],
    ["GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n", 400, "http/bad-request"],
    [`GET / HTTP/1.1\r\n${close}expect: a miracle\r\n\r\n`, 417, "http/expectation-failed"],
    [`GET /healthz HTTP/1.1\r\n${close}content-length: 1\r\n\r\n`, 400, "http/unexpected-body"],
    [`DELETE /healthz HTTP/1.1\r\n${close}\r\n`, 405, "http/method-not-allowed"],
    [`PROPFIND /tuf/timestamp.json HTTP/1.1\r\n${close}\r\n`, 405, "http/method-not-allowed"],
    [`CONNECT example.org:443 HTTP/1.1\r\n${close}\r\n`, 405, "http/method-not-allowed"],
    [`BREW / HTTP/1.1\r\n${close}\r\n`, 400, "http/bad-request"],
    ["\u0016\u0003\u0001 hello\r\n\r\n", 400, "http/bad-request"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "http/bad-request"],
    [`GET /api/v1/agent/latest HTTP/1.1\r\n${close}\r\n`, 400, "http/bad-request"],
    [`POST /hooks/git HTTP/1.1\r\n${close}\r\n`, 401, "http/bad-signature"],
    [
      `POST /hooks/git HTTP/1.1\r\n${close}${signed}content-length: ${LIMITS.hookBytes + 1}\r\n\r\n`,
      413,
      "http/body-too-large",
    ],
  ];
  for (const [request, status, code] of requests) {
    const answer = await sendRaw(server.port, request);
    assert.deepEqual(problemIn(answer), [status, code], request.slice(0, 80));
  }
  assert.equal((await server.get("/healthz")).status, 200);
});

test("a method that a path does not take is a 405 that says which it takes", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  const reads = "GET, HEAD";
  for (const [path, allowed] of [
    ["/tuf/timestamp.json", reads],
    ["/targets/anything", reads],
    ["/api/v1/agent/latest?product=lantern", reads],
    ["/api/v1/status", reads],
    ["/metrics", reads],
    ["/openapi.json", reads],
    ["/", reads],
    ["/hooks/git", "POST"],
  ] as const) {
    const methods =
      allowed === reads ? ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "MKCOL"] : ["GET", "PUT"];
    for (const method of methods) {
      const { status, headers } = await server.ask(path, {}, method);
      assert.deepEqual([status, headers.allow], [405, allowed], `${method} ${path}`);
    }
  }
  assert.equal((await server.ask("/nowhere", {}, "POST")).status, 404);
});

test("HEAD says what GET would, wherever GET is", async (t) => {
  const server = await TestServer.start(t);
  for (const path of [
    "/",
    "/tuf/timestamp.json",
    "/tuf/none.json",
    "/targets/none",
    "/api/v1/agent/latest?product=lantern&platform=linux-x64",
    "/api/v1/agent/latest?product=none",
    "/api/v1/status",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/nowhere",
  ]) {
    const [get, head] = [await server.ask(path), await server.ask(path, {}, "HEAD")];
    assert.deepEqual([head.status, head.body], [get.status, ""], path);
    for (const name of ["content-type", "content-length", "cache-control"]) {
      assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
    }
  }
});

test("a body that nobody asked for is cut at once, however it is sent", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  const heads = [
    ["GET /tuf/timestamp.json", 400],
    ["GET /healthz", 400],
    ["HEAD /targets/x", 400],
    ["POST /nowhere", 404],
    ["PUT /tuf/timestamp.json", 405],
    ["POST /hooks/git", 401],
  ] as const;
  for (const [line, status] of heads) {
    for (const framing of ["content-length: 500000000", "transfer-encoding: chunked"]) {
      const socket = connect(server.port, "127.0.0.1");
      let answer = "";
      socket.setEncoding("latin1").on("data", (text: string) => {
        answer += text;
      });
      socket.on("error", () => {}); // a reset is the cut
      // Not by `once`, which an error fails.
      const closed = new Promise((resolve) => socket.on("close", resolve));
      await once(socket, "connect");
      socket.write(`${line} HTTP/1.1\r\nhost: localhost\r\n${framing}\r\n\r\n`);
      const chunk = framing.startsWith("t") ? `10000\r\n${"a".repeat(0x10000)}\r\n` : "a".repeat(0x10000);
      let sent = 0;
      const pour = (): void => {
        while (!socket.destroyed && sent < 100_000_000) {
          sent += chunk.length;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on("drain", pour);
      pour();
      await closed;
      assert.ok(sent < 16_000_000, `${line} with ${framing}: ${sent} bytes went out`);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${line} with ${framing}`);
      assert.match(answer, /\r\nconnection: close\r\n/i);
    }
  }
});

test("a GET without a body may say so, and its connection is kept", async (t) => {
  const server = await TestServer.start(t);
  const request = (more: string) =>
    `GET /healthz HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n${more}\r\n`;
  const answer = await sendRaw(server.port, request(""), request("connection: close\r\n"));
  assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
});

test("above the cap the newest connections are closed, and idle ones make room", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { maxConnections: 3 });
  const idle = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      t.after(() => socket.destroy());
      await once(socket, "connect");
      socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
      await once(socket, "data");
      // So that none is closed for having been idle for a minute: an empty line before a request is passed over.
      const stir = setInterval(() => socket.write("\r\n"), 5_000);
      t.after(() => clearInterval(stir));
      return socket;
    }),
  );
  const dropped = connect(server.port, "127.0.0.1");
  dropped.on("error", () => {});
  await new Promise((resolve) => dropped.resume().on("close", resolve));
  await waitUntil("room for a new connection", async () => {
    const answer = await server.ask("/healthz").catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  assert.ok(idle.some(({ closed, readableEnded }) => closed || readableEnded));
  assert.match((await server.ask("/metrics")).body, /^fairlead_http_connections_dropped_total [1-9]/m);
});
