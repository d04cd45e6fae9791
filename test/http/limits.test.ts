import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { LIMITS } from "../../controller/http/limits.ts";
import { sendRaw } from "./raw-request.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const webhook = { secret: "a secret of sixteen or more", trigger: () => {} };

function codeIn(answer: string): string {
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  return (JSON.parse(body.slice(body.indexOf("{"))) as { code: string }).code;
}

test("who sends headers or a body too slowly is cut off, and others are served meanwhile", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  const slow = connect(server.port, "127.0.0.1");
  let dripped = "";
  slow.setEncoding("latin1").on("data", (text: string) => {
    dripped += text;
  });
  slow.on("error", () => {});
  await once(slow, "connect");
  slow.write("GET /tuf/timestamp.json HTTP/1.1\r\nhost: localhost\r\n");
  const drip = setInterval(() => slow.write("x-drop: 1\r\n"), 200);
  t.after(() => clearInterval(drip));
  const halfBody =
    "POST /hooks/git HTTP/1.1\r\nhost: localhost\r\nx-gitlab-token: a secret of sixteen or more\r\n" +
    "content-length: 100\r\n\r\n{";
  const [withoutEnd] = await Promise.all([sendRaw(server.port, halfBody), once(slow, "close"), served()]);
  for (const answer of [dripped, withoutEnd]) {
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.equal(codeIn(answer), "http/request-timeout");
  }

  async function served(): Promise<void> {
    assert.equal((await server.get("/tuf/timestamp.json")).status, 200);
  }
});

test("headers above 8 KiB are a 431", async (t) => {
  const server = await TestServer.start(t);
  const answer = await sendRaw(
    server.port,
    `GET / HTTP/1.1\r\nhost: localhost\r\nx-large: ${"a".repeat(LIMITS.headerBytes)}\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 431 /);
  assert.equal(codeIn(answer), "http/headers-too-large");
});

test("bytes that are no HTTP are a 400", async (t) => {
  const server = await TestServer.start(t);
  const answer = await sendRaw(server.port, "\u0016\u0003\u0001 hello\r\n\r\n");
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.equal(codeIn(answer), "http/bad-request");
});

test("a client that goes away in the middle of a download leaves the server well", async (t) => {
  const server = await TestServer.start(t);
  for (let round = 0; round < 20; round++) {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("GET /tuf/1.root.json HTTP/1.1\r\nhost: localhost\r\n\r\n");
    socket.destroy();
  }
  assert.equal((await server.get("/healthz")).status, 200);
});

test("X-Forwarded headers count only from a proxy that is named", async (t) => {
  const ask = async (server: TestServer) => {
    const query = "product=lantern&platform=linux-x64&channel=stable";
    const answer = await server.get(`/api/v1/agent/latest?${query}`, {
      "x-forwarded-proto": "https",
      "x-forwarded-host": "releases.acme.example",
    });
    return ((await answer.json()) as { url: string }).url;
  };
  assert.ok((await ask(await TestServer.start(t))).startsWith("http://127.0.0.1:"));
  const trusting = await TestServer.start(t, sampleManifest(), { trustProxy: ["127.0.0.1"] });
  assert.ok((await ask(trusting)).startsWith("https://releases.acme.example/targets/"));
});
