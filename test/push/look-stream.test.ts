import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { LookStream } from "../../agent/push/look-stream.ts";
import { Push } from "../../controller/http/push/push.ts";
import { LOOK_PROTOCOL, LOOK_STREAM_PATH, type LookMessage } from "../../protocol/push/look-message.ts";
import { TestServer } from "../http/start-server.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A controller that takes the header `x-device` for a signature. */
async function start(
  t: TestContext,
  most = 100,
): Promise<{ server: TestServer; push: Push; seen: string[] }> {
  const seen: string[] = [];
  const push = new Push(async ({ headers }) => {
    const device = headers["x-device"];
    seen.push(device ?? "nobody");
    if (device !== undefined) return { kind: "device", device };
    return {
      kind: "refused",
      answer: { status: 401, headers: { "x-why": "nobody" }, body: "{}", result: "refused" },
    };
  }, most);
  t.after(() => push.close());
  const server = await TestServer.start(t, undefined, { push });
  return { server, push, seen };
}

/** A way to the server that can be cut. */
async function breakableLine(t: TestContext, { port }: TestServer): Promise<{ url: string; breaks(): void }> {
  const sockets = new Set<Socket>();
  const relay = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {}).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const breaks = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  t.after(() => {
    relay.close();
    breaks();
  });
  const address = relay.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return { url: `http://127.0.0.1:${address.port}`, breaks };
}

function agent(
  t: TestContext,
  server: Pick<TestServer, "url">,
  device: string,
  known?: number,
): { stream: LookStream; heard: LookMessage[] } {
  const heard: LookMessage[] = [];
  const abort = new AbortController();
  t.after(() => abort.abort());
  const stream = new LookStream({
    server: `${server.url}/`,
    sign: () => ({ "x-device": device }),
    known: () => known,
    onLook: (message) => heard.push(message),
    now: () => Math.floor(Date.now() / 1000),
    random: () => 0.5,
    signal: abort.signal,
    reconnect: { base: 0.02, cap: 0.1 },
  });
  return { stream, heard };
}

test("an agent hears of each new manifest once, and of what waits for it alone", async (t) => {
  const { server, push } = await start(t);
  const one = agent(t, server, "d-one");
  const two = agent(t, server, "d-two");
  await waitUntil("both streams to be open", () => push.streams.size === 2 || undefined);
  push.announce(7, "c0ffee");
  push.announce(7, "c0ffee");
  assert.equal(push.tell("d-two"), true);
  assert.equal(push.tell("d-three"), false);
  await waitUntil(
    "the news to arrive",
    () => (one.heard.length === 1 && two.heard.length === 2) || undefined,
  );
  assert.deepEqual(one.heard, [{ manifest: 7, within: 2 }]);
  assert.deepEqual(two.heard[1], { within: 0 });
});

test("an agent that comes back hears at once that its manifest is old, and nothing where it is not", async (t) => {
  const { server, push } = await start(t);
  push.announce(9, "c0ffee");
  const old = agent(t, server, "d-old", 8);
  const current = agent(t, server, "d-current", 9);
  await waitUntil(
    "the old one to hear",
    () => (old.heard.length === 1 && push.streams.size === 2) || undefined,
  );
  assert.deepEqual(current.heard, []);
});

test("an agent reconnects after its connection dies", async (t) => {
  const { server, push, seen } = await start(t);
  const line = await breakableLine(t, server);
  const one = agent(t, line, "d-one");
  await waitUntil("the stream to be open", () => one.stream.isOpen || undefined);
  line.breaks();
  await waitUntil("it to ask again", () => seen.length === 2 || undefined);
  await waitUntil("it to be open again", () => push.streams.size === 1 || undefined);
});

test("who shows no signature, no handshake or comes when all places are taken is told so", async (t) => {
  const { server } = await start(t, 0);
  const handshake = [
    `GET ${LOOK_STREAM_PATH} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    `Sec-WebSocket-Protocol: ${LOOK_PROTOCOL}`,
  ];
  assert.match(await raw(server, handshake), /^HTTP\/1.1 503 [\s\S]*http\/too-many-streams/);
  const { server: roomy } = await start(t);
  assert.match(await raw(roomy, handshake), /^HTTP\/1.1 401 [\s\S]*x-why: nobody/);
  const plain = handshake.filter((line) => !line.startsWith("Sec-WebSocket-Key"));
  assert.match(await raw(roomy, plain), /^HTTP\/1.1 400 [\s\S]*http\/bad-request/);
  const elsewhere = ["GET /healthz HTTP/1.1", ...handshake.slice(1), "Connection: close"];
  assert.match(await raw(roomy, elsewhere), /^HTTP\/1.1 200 /);
  const foreign = handshake.map((line) => (line.startsWith("Host") ? "Host: evil.example" : line));
  assert.match(await raw(roomy, foreign), /^HTTP\/1.1 4\d\d [\s\S]*http\/unknown-host/);
});

test("node's own WebSocket understands the stream", async (t) => {
  const { server, push } = await start(t);
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${LOOK_STREAM_PATH}`, {
    protocols: [LOOK_PROTOCOL],
    headers: { "x-device": "d-web" },
  });
  t.after(() => socket.close());
  const heard = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
  await waitUntil("the stream to be open", () => push.streams.size === 1 || undefined);
  push.announce(3, "c0ffee");
  assert.equal(await heard, '{"manifest":3,"within":2}');
});

test("a second stream of a device ends the first", async (t) => {
  const { server, push } = await start(t);
  const open = (): WebSocket =>
    new WebSocket(`${server.url.replace("http", "ws")}${LOOK_STREAM_PATH}`, {
      protocols: [LOOK_PROTOCOL],
      headers: { "x-device": "d-web" },
    });
  const first = open();
  const ended = new Promise((resolve) => first.addEventListener("close", resolve));
  await waitUntil("the first to be open", () => push.streams.size === 1 || undefined);
  const second = open();
  t.after(() => second.close());
  await ended;
  assert.equal(push.streams.size, 1);
  push.announce(3, "c0ffee");
  await new Promise((resolve) => second.addEventListener("message", resolve));
});

test("an agent that talks on the stream is cut off", async (t) => {
  const { server, push } = await start(t);
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${LOOK_STREAM_PATH}`, {
    protocols: [LOOK_PROTOCOL],
    headers: { "x-device": "d-web" },
  });
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve(code)),
  );
  await waitUntil("the stream to be open", () => push.streams.size === 1 || undefined);
  socket.send("hello");
  assert.equal(await closed, 1002);
});

test("a long poll ends with the next manifest, or with its time", async (t) => {
  const { server, push } = await start(t);
  push.announce(4, "c0ffee");
  const old = await fetch(`${server.url}/api/v1/look?manifest=3`);
  assert.deepEqual(await old.json(), { manifest: 4, within: 2 });
  const inTime = await fetch(`${server.url}/api/v1/look?manifest=4&wait=0`);
  assert.deepEqual(await inTime.json(), { manifest: 4, within: 2 });
  const waiting = fetch(`${server.url}/api/v1/look?manifest=4`);
  setTimeout(() => push.announce(5, "c0ffee"), 50);
  assert.deepEqual(await (await waiting).json(), { manifest: 5, within: 2 });
});

function raw(server: TestServer, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      text += piece;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
    socket.setTimeout(1_000, () => socket.end());
  });
}

test("a push that has ended ends every stream, also of an agent that does not answer and of one that comes late", async (t) => {
  const { server, push, seen } = await start(t);
  const silent = await rawStream(server, "d-silent");
  await waitUntil("the stream to be open", () => push.streams.size === 1 || undefined);
  push.close();
  await waitUntil("it to be cut", () => push.streams.size === 0 || undefined);
  const late = await rawStream(server, "d-late");
  await waitUntil("the late one to come", () => seen.includes("d-late") || undefined);
  await waitUntil("the late one to be cut", () => push.streams.size === 0 || undefined);
  for (const socket of [silent, late]) socket.destroy();
});

/** A stream of an agent that never answers to anything. */
async function rawStream({ port }: TestServer, device: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {}).resume();
  socket.write(
    [
      ...[`GET ${LOOK_STREAM_PATH} HTTP/1.1`, "Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket"],
      ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="],
      ...[`Sec-WebSocket-Protocol: ${LOOK_PROTOCOL}`, `X-Device: ${device}`, "", ""],
    ].join("\r\n"),
  );
  return socket;
}
