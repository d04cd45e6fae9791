import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { askUnchanged, readBareAnswer } from "../../agent/fetch/ask-unchanged.ts";
import { httpGet } from "../../agent/fetch/http-get.ts";
import { withCode } from "./made-repository.ts";

/** A server that answers with exactly these bytes, and then closes; what it was asked. */
async function rawServer(t: TestContext, answer: (socket: Socket) => void) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (request) => {
      asked.push(request.toString("latin1"));
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: new URL(`http://127.0.0.1:${address.port}/tuf/timestamp.json?x=%20`), asked };
}

const HEADERS = { "accept-encoding": "br, gzip", "if-none-match": '"v1"' };
const OPTIONS = { headers: HEADERS, headTimeout: 10_000 };

test("it asks as node:http would, and takes a plain 304 and plain refusals for what they are", async (t) => {
  let head = "";
  const { url, asked } = await rawServer(t, (socket) => socket.end(head, "latin1"));
  head = 'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\ndate: now\r\n\r\n';
  assert.deepEqual(await askUnchanged(url, OPTIONS), { status: 304, etag: '"v1"', retryAfter: undefined });
  head = "HTTP/1.1 503 Busy\r\nretry-after:  7 \r\ncontent-length: 4\r\n\r\nbusy";
  assert.deepEqual(await askUnchanged(url, OPTIONS), { status: 503, etag: undefined, retryAfter: "7" });

  await (await httpGet(url, { headers: HEADERS })).body.destroy();
  const [first = "", , third = ""] = asked;
  const lines = (request: string) => request.toLowerCase().split("\r\n").sort();
  assert.deepEqual(lines(first), lines(third.replace(/connection: keep-alive/i, "connection: close")));
});

test("whatever else is answered is left to node:http, and nothing is made of it", async (t) => {
  let answer = "";
  const { url } = await rawServer(t, (socket) => socket.end(answer, "latin1"));
  for (const other of [
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 301 Moved\r\nlocation: /elsewhere\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
    "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
    "HTTP/1.0 304 Not Modified\r\n\r\n",
    "HTTP/2 304\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\n\r\nmore",
    "HTTP/1.1 304 Not Modified\n\n",
    "HTTP/1.1 304 Not Modified\r\netag: a\r\n b\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\netag : a\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nno field\r\n\r\n",
    "HTTP/1.1 3040 Not Modified\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\netag: a",
    `HTTP/1.1 304 Not Modified\r\nx: ${"x".repeat(20_000)}\r\n\r\n`,
    `HTTP/1.1 304 Not Modified\r\nx: ${"x".repeat(200_000)}`,
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "",
  ]) {
    answer = other;
    assert.equal(await askUnchanged(url, OPTIONS), undefined, other.slice(0, 60));
  }
  answer = "HTTP/1.1 304 Not Modified\r\n\r\n";
  for (const [address, headers] of [
    [new URL(`http://somebody:secret@${url.host}/`), HEADERS],
    [url, { ...HEADERS, "if-none-match": '"v1"\r\nx: y' }],
    [url, { ...HEADERS, "if-none-match": '"ü"' }],
    [new URL("ftp://127.0.0.1/"), HEADERS],
  ] as const) {
    assert.equal(await askUnchanged(address, { ...OPTIONS, headers }), undefined);
  }
});

/** Heads that are right, nearly right, and anything. */
const heads = fc
  .tuple(
    fc.constantFrom("HTTP/1.1 304 Not Modified", "HTTP/1.1 304", "HTTP/1.1 404 Not Found", "HTTP/1.1 503 "),
    fc.array(
      fc.tuple(
        fc.constantFrom("ETag", "etag", "Retry-After", "Date", "X-Y", "content-length", "transfer-encoding"),
        fc.constantFrom(": ", ":", ":\t ", " : "),
        fc.oneof(fc.constantFrom('"v1"', 'W/"v"', "7", "0", "chunked", ""), fc.string({ maxLength: 12 })),
      ),
      { maxLength: 5 },
    ),
    fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { nil: undefined }),
  )
  .map(([status, fields, change]) => {
    const text = `${[status, ...fields.map((field) => field.join(""))].join("\r\n")}\r\n\r\n`;
    const bytes = Buffer.from(text, "latin1");
    if (change !== undefined) bytes[change[0] % bytes.length] = change[1];
    return bytes.toString("latin1");
  });

test("what it makes of any head, node:http makes of it as well", async (t) => {
  let head = "";
  const { url } = await rawServer(t, (socket) => socket.end(head, "latin1"));
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(heads, async (made) => {
      const read = readBareAnswer(made);
      if (read === undefined) return;
      taken++;
      head = made;
      const { status, headers, body } = await httpGet(url, { headers: HEADERS, headTimeout: 5_000 });
      body.on("error", () => undefined).destroy();
      assert.deepEqual(read, { status, etag: headers.etag, retryAfter: headers["retry-after"] });
    }),
    { numRuns: 400 },
  );
  assert.ok(taken > 40, `${taken} of 400 were taken`);
});

test("a server that does not answer, one that is not there, and a word to stop end it as they end a GET", async (t) => {
  const { url } = await rawServer(t, () => undefined);
  await assert.rejects(askUnchanged(url, { ...OPTIONS, headTimeout: 100 }), withCode("fetch/timed-out"));
  const stop = new AbortController();
  const reason = new Error("enough");
  const asked = askUnchanged(url, { ...OPTIONS, signal: stop.signal });
  setTimeout(() => stop.abort(reason), 50);
  await assert.rejects(asked, (error) => error === reason);
  await assert.rejects(askUnchanged(url, { ...OPTIONS, signal: stop.signal }), (error) => error === reason);

  const nobody = new URL("http://127.0.0.1:1/");
  const told = async (ask: Promise<unknown>) =>
    ask.then(
      () => "nothing",
      (error: Error) => error.message,
    );
  const here = await told(askUnchanged(nobody, OPTIONS));
  assert.match(here, /ECONNREFUSED/);
  assert.equal(here, await told(httpGet(nobody, { headers: HEADERS })));
});
