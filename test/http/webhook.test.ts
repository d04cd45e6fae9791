import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { memoryUsage } from "node:process";
import { type TestContext, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LIMITS } from "../../controller/http/limits.ts";
import { waitUntil } from "../support/wait-until.ts";
import { sendRaw } from "./raw-request.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const secret = "a secret of sixteen or more";
const body = '{"ref": "refs/heads/main",  "after": "é"}';

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

function sign(text: string, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(text).digest("hex")}`;
}

async function start(t: TestContext): Promise<{
  server: TestServer;
  triggers: () => number;
  post: (headers: Record<string, string>, text?: string) => Promise<number>;
}> {
  let triggered = 0;
  const webhook = { secret, trigger: () => void triggered++ };
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  return {
    server,
    triggers: () => triggered,
    post: async (headers, text = body) => {
      const answer = await fetch(`${server.url}/hooks/git`, { method: "POST", headers, body: text });
      await answer.text();
      return answer.status;
    },
  };
}

test("a webhook that GitHub signed over the raw body triggers one look", async (t) => {
  const { post, triggers } = await start(t);
  assert.equal(await post({ "x-hub-signature-256": sign(body), "content-type": "application/json" }), 202);
  assert.equal(triggers(), 1);
});

test("a webhook with GitLab's token triggers one look", async (t) => {
  const { post, triggers } = await start(t);
  assert.equal(await post({ "x-gitlab-token": secret }), 202);
  assert.equal(triggers(), 1);
});

test("a forged, changed or unsigned webhook is a 401 and triggers nothing", async (t) => {
  const { post, triggers } = await start(t);
  assert.equal(await post({}), 401);
  assert.equal(await post({ "x-hub-signature-256": sign(body, "another secret, as long") }), 401);
  assert.equal(await post({ "x-hub-signature-256": sign(body) }, `${body} `), 401);
  assert.equal(await post({ "x-hub-signature-256": sign(body).slice(0, -1) }), 401);
  assert.equal(await post({ "x-hub-signature-256": "sha256=" }), 401);
  assert.equal(await post({ "x-gitlab-token": "" }), 401);
  assert.equal(await post({ "x-gitlab-token": `${secret}x` }), 401);
  // A bad signature is not made good by a token of the other forge.
  assert.equal(await post({ "x-hub-signature-256": "sha256=00", "x-gitlab-token": secret }), 401);
  assert.equal(triggers(), 0);
});

test("a body that is no JSON does no harm: it is never read", async (t) => {
  const { post, triggers } = await start(t);
  const hostile = '{"__proto__": {"admin": true}, ';
  assert.equal(
    await post({ "x-hub-signature-256": sign(hostile), "content-type": "text/evil" }, hostile),
    202,
  );
  assert.equal(triggers(), 1);
});

test("without a secret there is no webhook", async (t) => {
  const server = await TestServer.start(t);
  const answer = await fetch(`${server.url}/hooks/git`, {
    method: "POST",
    headers: { "x-gitlab-token": "" },
  });
  assert.equal(answer.status, 404);
});

test("a flood of wrong webhooks is a 429 with the time to wait, and the right one is heard all the same", async (t) => {
  const { server, post, triggers } = await start(t);
  const wrong = () => server.ask("/hooks/git", { "x-hub-signature-256": sign(body, "x") }, "POST", body);
  for (let sent = 0; sent < LIMITS.wrongHooksPerMinute; sent++) assert.equal((await wrong()).status, 401);
  const refused = await wrong();
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal((JSON.parse(refused.body) as { code: string }).code, "http/too-many-requests");
  assert.equal(await post({}), 429);
  assert.equal(await post({ "x-hub-signature-256": sign(body) }), 202);
  assert.equal(triggers(), 1);
  assert.equal((await server.get("/tuf/timestamp.json")).status, 200, "polls are not counted");
});

test("however many right ones come, each is accepted, and they cause a look now and one afterwards", async (t) => {
  const { post, triggers } = await start(t);
  const headers = { "x-hub-signature-256": sign(body) };
  for (let sent = 0; sent < LIMITS.wrongHooksPerMinute + 5; sent++) assert.equal(await post(headers), 202);
  const atOnce = triggers();
  await waitUntil("the look after the last", () => (triggers() > atOnce ? true : undefined));
  assert.ok(triggers() < 10, `${triggers()} looks`);
});

test("a push of 25 MB is hashed as it comes, and none of it is kept", async (t) => {
  const { server, triggers } = await start(t);
  const piece = Buffer.alloc(1024 * 1024, "x");
  const pieces = 25;
  const hmac = createHmac("sha256", secret);
  for (let sent = 0; sent < pieces; sent++) hmac.update(piece);
  const asked = request({
    port: server.port,
    path: "/hooks/git",
    method: "POST",
    headers: {
      "content-length": pieces * piece.length,
      "x-hub-signature-256": `sha256=${hmac.digest("hex")}`,
      connection: "close",
    },
  });
  const answered = once(asked, "response");
  // The bytes that are held outside of the heap, as buffers are, while the body goes by.
  let most = 0;
  for (let sent = 0; sent < pieces; sent++) {
    await new Promise((resolve) => asked.write(piece, resolve));
    gc();
    most = Math.max(most, memoryUsage().arrayBuffers);
  }
  asked.end();
  const [answer] = (await answered) as [IncomingMessage];
  assert.equal(answer.resume().statusCode, 202);
  assert.equal(triggers(), 1);
  assert.ok(most < 12 * piece.length, `${most} bytes were held`);
});

test("a webhook above the bound is a 413 as soon as it is, announced or not", async (t) => {
  const { server, triggers } = await start(t);
  const head = `POST /hooks/git HTTP/1.1\r\nhost: localhost\r\nx-gitlab-token: ${secret}\r\n`;
  const announced = await sendRaw(server.port, `${head}content-length: ${LIMITS.hookBytes + 1}\r\n\r\n`);
  assert.match(announced, /^HTTP\/1\.1 413 [\s\S]*"http\/body-too-large"/);
  const chunk = `100000\r\n${"a".repeat(0x100000)}\r\n`;
  const chunks = Array.from({ length: LIMITS.hookBytes / 0x100000 + 1 }, () => chunk);
  const chunked = await sendRaw(server.port, `${head}transfer-encoding: chunked\r\n\r\n`, ...chunks);
  assert.match(chunked, /^HTTP\/1\.1 413 [\s\S]*"http\/body-too-large"/);
  assert.equal(triggers(), 0);
});

test("a forge that leaves in the middle of its push leaves the server well", async (t) => {
  const { server, post, triggers } = await start(t);
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  const signed = `x-hub-signature-256: ${sign(body)}\r\n`;
  socket.write(`POST /hooks/git HTTP/1.1\r\nhost: localhost\r\n${signed}content-length: 1000\r\n\r\n{`);
  await server.get("/healthz");
  socket.destroy();
  assert.equal(await post({ "x-hub-signature-256": sign(body) }), 202);
  assert.equal(triggers(), 1);
});
