import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { type TestContext, test } from "node:test";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const secret = "a secret of sixteen or more";
const body = '{"ref": "refs/heads/main",  "after": "é"}';

function sign(text: string, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(text).digest("hex")}`;
}

async function start(t: TestContext): Promise<{
  triggers: () => number;
  post: (headers: Record<string, string>, text?: string) => Promise<number>;
}> {
  let triggered = 0;
  const webhook = { secret, trigger: () => void triggered++ };
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  return {
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
