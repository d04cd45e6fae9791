import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { backoffDelay } from "../../agent/fetch/backoff.ts";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { httpGet } from "../../agent/fetch/http-get.ts";
import { parseRetryAfter } from "../../agent/fetch/retry-after.ts";
import { withCode } from "./made-repository.ts";

async function serve(t: TestContext, answer: RequestListener): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const BODY = Buffer.from("metadata ".repeat(100));

test("a body comes back whole, compressed on the way or not", async (t) => {
  const url = await serve(t, (request, response) => {
    assert.match(request.headers["user-agent"] ?? "", /^fairlead-agent\/\d+\.\d+\.\d+/);
    switch (request.url) {
      case "/gzip":
        return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(BODY));
      case "/br":
        return response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(BODY));
      default:
        return response.end(BODY);
    }
  });
  for (const path of ["gzip", "br", "plain"]) {
    assert.deepEqual((await fetchBytes(new URL(path, url), { maxBytes: BODY.length })).bytes, BODY, path);
    await assert.rejects(
      fetchBytes(new URL(path, url), { maxBytes: BODY.length - 1 }),
      withCode("fetch/too-large"),
      path,
    );
  }
});

test("a bomb is cut off by what it unpacks to, and a damaged or unknown encoding is refused", async (t) => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const url = await serve(t, (request, response) => {
    const encoding = request.url === "/unknown" ? "zip" : "gzip";
    response.writeHead(200, { "content-encoding": encoding });
    response.end(request.url === "/bomb" ? bomb : bomb.subarray(0, 100));
  });
  await assert.rejects(fetchBytes(new URL("bomb", url), { maxBytes: 100_000 }), withCode("fetch/too-large"));
  await assert.rejects(
    fetchBytes(new URL("cut", url), { maxBytes: 100_000 }),
    withCode("fetch/bad-encoding"),
  );
  await assert.rejects(
    fetchBytes(new URL("unknown", url), { maxBytes: 100_000 }),
    withCode("fetch/bad-encoding"),
  );
});

test("a conditional GET sends the validator, and the status is the caller's to judge", async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.headers["if-none-match"] === '"v1"') return response.writeHead(304, { etag: '"v1"' }).end();
    return response.writeHead(503, { "retry-after": "7" }).end("x".repeat(100_000));
  });
  const quiet = await fetchBytes(url, { maxBytes: 10, etag: '"v1"' });
  assert.deepEqual(quiet, { status: 304, etag: '"v1"', bytes: Buffer.alloc(0) });
  assert.deepEqual(await fetchBytes(url, { maxBytes: 10 }), {
    status: 503,
    retryAfter: 7,
    bytes: Buffer.alloc(0),
  });
});

test("redirects are followed up to five times and never to another kind of address", async (t) => {
  const url = await serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) return response.end("there");
    const location = Number.isNaN(left) ? "file:///etc/passwd" : `/${left - 1}`;
    return response.writeHead(302, { location }).end();
  });
  assert.equal((await fetchBytes(new URL("5", url), { maxBytes: 10 })).bytes.toString(), "there");
  await assert.rejects(fetchBytes(new URL("6", url), { maxBytes: 10 }), withCode("fetch/bad-redirect"));
  await assert.rejects(fetchBytes(new URL("file", url), { maxBytes: 10 }), withCode("fetch/bad-redirect"));
  await assert.rejects(
    fetchBytes(new URL("file:///etc/hostname"), { maxBytes: 10 }),
    withCode("fetch/bad-url"),
  );
});

test("a server that does not answer, stalls, drips or hangs up is given up on", async (t) => {
  const url = await serve(t, (request, response) => {
    switch (request.url) {
      case "/silent":
        return;
      case "/stall":
        response.write("some");
        return;
      case "/drip": {
        const timer = setInterval(() => response.write("x"), 5);
        response.on("close", () => clearInterval(timer));
        return;
      }
      default:
        response.writeHead(200, { "content-length": "100" });
        response.write("some");
        setImmediate(() => request.socket.destroy());
    }
  });
  const get = (path: string, options: object) =>
    fetchBytes(new URL(path, url), { maxBytes: 1e6, ...options });
  await assert.rejects(get("silent", { headTimeout: 50 }), withCode("fetch/timed-out"));
  await assert.rejects(get("stall", { idleTimeout: 50 }), withCode("fetch/timed-out"));
  await assert.rejects(
    get("drip", { idleTimeout: 100, minBytesPerSecond: 10_000 }),
    withCode("fetch/too-slow"),
  );
  await assert.rejects(get("drip", { totalTimeout: 100 }), withCode("fetch/timed-out"));
  await assert.rejects(get("cut", {}), withCode("fetch/connection-failed"));
});

test("a caller's signal ends a download with the caller's reason", async (t) => {
  const url = await serve(t, (_, response) => void response.write("first"));
  const abort = new AbortController();
  const { body } = await httpGet(url, { signal: abort.signal });
  const reason = new Error("the operator pressed Ctrl-C");
  await assert.rejects(async () => {
    for await (const _ of body) abort.abort(reason);
  }, reason);
});

test("a connection that the server closes just as it is used again costs nothing", async (t) => {
  const connections: Socket[] = [];
  let requests = 0;
  const server = createTcpServer((socket) => {
    let isUsed = false;
    connections.push(socket);
    socket.on("error", () => {});
    socket.on("data", () => {
      requests++;
      if (isUsed) return socket.destroy();
      isUsed = true;
      return socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  for (let round = 1; round <= 3; round++) {
    assert.equal((await fetchBytes(url, { maxBytes: 10 })).bytes.toString(), "ok");
  }
  assert.ok(requests > 3, "a connection was used again, and closed");
});

test("an address where nobody listens is a connection that failed", async (t) => {
  const url = await serve(t, () => undefined);
  url.port = "1";
  await assert.rejects(fetchBytes(url, { maxBytes: 10 }), withCode("fetch/connection-failed"));
});

test("Retry-After is read as seconds or as a date, and is never longer than a day", () => {
  const now = Date.parse("2027-01-15T08:00:00Z") / 1000;
  assert.equal(parseRetryAfter("120", now), 120);
  assert.equal(parseRetryAfter("Fri, 15 Jan 2027 08:00:30 GMT", now), 30);
  assert.equal(parseRetryAfter("Fri, 15 Jan 2027 07:00:00 GMT", now), 0);
  assert.equal(parseRetryAfter("99999999999", now), 86_400);
  assert.equal(parseRetryAfter("soon", now), undefined);
  assert.equal(parseRetryAfter(undefined, now), undefined);
});

test("a backoff lies between what the server asked for and the cap above it, however often it failed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.option(fc.integer({ min: 0, max: 86_400 }), { nil: undefined }),
      (attempt, random, retryAfter) => {
        const delay = backoffDelay({ base: 5, cap: 3600 }, attempt, random, retryAfter);
        const least = retryAfter ?? 0;
        assert.ok(delay >= least && delay <= least + Math.min(3600, 5 * 2 ** (attempt - 1)));
      },
    ),
  );
});
