import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { globalAgent } from "node:https";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { httpGet } from "../../agent/fetch/http-get.ts";
import { checkOrigin } from "../../controller/artifacts/check-origin.ts";
import { originAddress } from "../../controller/artifacts/origin-address.ts";
import { WebClient } from "../../controller/artifacts/web-client.ts";
import { artifactBytes } from "../http/sample-manifest.ts";
import { TestServer } from "../http/start-server.ts";
import { scratchFolder } from "../source/scratch-repository.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { AGENT, lacks, run } from "../support/run-command.ts";
import { executable, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { HttpsFileServer } from "./https-file-server.ts";

const needsOpenssl = await lacks("openssl");

async function bucketOf(t: TestContext) {
  const authority = makePrivateAuthority(scratchFolder(t));
  return { authority, bucket: await HttpsFileServer.start(t, authority) };
}

test("an artifact is below the prefix by its path, and no path leads out of it", () => {
  const prefix = "https://bucket.acme.example/fleet/";
  assert.equal(originAddress(prefix, "agent-1.4.2"), `${prefix}agent-1.4.2`);
  assert.equal(originAddress(prefix, "linux/a b?c#d%2e"), `${prefix}linux/a%20b%3Fc%23d%252e`);
  for (const path of ["../secret", "a/../../b", "/etc/passwd", "a//b", ".", "a\\b", "", "\ud800"]) {
    assert.equal(originAddress(prefix, path), undefined, path);
  }
});

test("artifacts of a bucket are redirected to for a short time, also by the name that never changes", async (t) => {
  const addressOf = (path: string) => originAddress("https://bucket.acme.example/fleet/", path);
  const server = await TestServer.start(t, undefined, { artifacts: { kind: "elsewhere", addressOf } });
  const products = server.state.serving?.manifest.products.values() ?? [];
  const names = [...products].flatMap(({ artifacts }) => [...artifacts]);
  const [target, artifact] = names.find(([, { location }]) => location.kind === "hosted") ?? [];
  assert.ok(target !== undefined && artifact?.location.kind === "hosted");
  const slash = target.lastIndexOf("/") + 1;
  const lasting = `${target.slice(0, slash)}${artifact.sha256}.${target.slice(slash)}`;
  for (const path of [target, lasting]) {
    for (const method of ["GET", "HEAD"]) {
      const answer = await server.get(`/targets/${path}`, {}, method);
      assert.equal(answer.status, 307);
      assert.equal(
        answer.headers.get("location"),
        `https://bucket.acme.example/fleet/${artifact.location.path}`,
      );
      assert.equal(answer.headers.get("cache-control"), "public, max-age=60");
    }
  }
  assert.equal((await server.get("/targets/products/lantern/none")).status, 404);
});

test("an agent follows a redirect from http to https with its range, and none from https to http", {
  skip: needsOpenssl,
}, async (t) => {
  const { authority, bucket } = await bucketOf(t);
  const ca = globalAgent.options.ca;
  globalAgent.options.ca = readFileSync(authority.caFile);
  t.after(() => {
    globalAgent.options.ca = ca;
    globalAgent.destroy();
  });
  bucket.files.set("/fleet/lantern-1.1.0", artifactBytes("1.1.0"));
  const server = await TestServer.start(t, undefined, {
    artifacts: { kind: "elsewhere", addressOf: (path) => originAddress(`${bucket.url}/fleet/`, path) },
  });
  const products = server.state.serving?.manifest.products.values() ?? [];
  const target = [...products]
    .flatMap(({ artifacts }) => [...artifacts.keys()])
    .find((each) => each.includes("1.1.0"));
  const answer = await httpGet(new URL(`${server.url}/targets/${target}`), {
    headers: { range: "bytes=3-" },
  });
  assert.equal(answer.status, 206);
  assert.equal(answer.url.protocol, "https:");
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), artifactBytes("1.1.0").subarray(3));

  bucket.intercept = (_request, response) => {
    response.writeHead(307, { location: `${server.url}/targets/${target}` }).end();
    return true;
  };
  await assert.rejects(httpGet(new URL(`${bucket.url}/fleet/lantern-1.1.0`)), { code: "fetch/bad-redirect" });
});

test("the length of an artifact at an origin tells a whole one from a missing, a half and one that is not given out", {
  skip: needsOpenssl,
}, async (t) => {
  const { authority, bucket } = await bucketOf(t);
  const client = new WebClient(authority.caFile);
  t.after(() => client.close());
  bucket.files.set("/a", Buffer.from("whole"));
  const look = (path: string, size: number) =>
    checkOrigin(client, `${bucket.url}${path}`, size, new AbortController().signal);
  assert.deepEqual(await look("/a", 5), { kind: "there" });
  assert.deepEqual(await look("/a", 6), {
    kind: "wrong",
    problem: "has 5 bytes at the origin, and 6 are signed",
  });
  assert.deepEqual(await look("/b", 5), {
    kind: "wrong",
    problem: "is not given out by the origin: it answers 404",
  });
  assert.ok(bucket.requests.every(({ method }) => method === "HEAD"));
  bucket.intercept = (_request, response) => {
    response.writeHead(503).end();
    return true;
  };
  assert.equal((await look("/a", 5)).kind, "unreachable");
  const stranger = new WebClient(undefined);
  t.after(() => stranger.close());
  const verdict = await checkOrigin(stranger, `${bucket.url}/a`, 5, new AbortController().signal);
  assert.equal(verdict.kind, "unreachable");
});

test("a machine updates from a bucket, goes on after a cut, and a forgotten upload is told before it is asked for", {
  skip: needsOpenssl,
}, async (t) => {
  const { authority, bucket } = await bucketOf(t);
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  await rm(join(state.directory, "artifacts"), { recursive: true });
  bucket.files.set("/fleet/lantern-1.0.0", Buffer.from(executable("1.0.0")));
  // For a folder no --git-ca can be named: the authority of the whole service counts.
  const controller = await ControllerProcess.start(
    t,
    state.directory,
    ["--dev-keys", "--artifacts", `${bucket.url}/fleet`],
    { SSL_CERT_FILE: authority.caFile },
  );
  const told = await waitUntil("the forgotten upload to be told", () =>
    controller.output.split("\n").find((line) => line.includes('"artifact.damaged"')),
  );
  assert.match(told, /lantern-1\.1\.0.*answers 404/);
  assert.ok(bucket.requests.every(({ method }) => method === "HEAD"));

  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  bucket.cutAfter = 20;
  const update = () =>
    run(process.execPath, [AGENT, "update", "--home", machine.home], {
      env: { NODE_EXTRA_CA_CERTS: authority.caFile },
    });
  await update();
  const second = await update();
  assert.equal(second.code, 0, second.stdout + second.stderr);
  assert.equal(await machine.installedVersion(), "1.0.0");
  const gets = bucket.requests.filter(({ method }) => method === "GET");
  assert.deepEqual(
    gets.map(({ range }) => range),
    [undefined, "bytes=20-"],
  );
});
