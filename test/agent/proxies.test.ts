import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { makePrivateAuthority, type PrivateAuthority } from "../support/private-authority.ts";
import { type CommandResult, fairleadAgent } from "../support/run-command.ts";
import { setInConfig } from "./enrolled-machine.ts";
import { program, UpdateServer } from "./update-server.ts";
import { tlsBefore, WebProxy } from "./web-proxy.ts";

interface Scene {
  readonly proxy: WebProxy;
  readonly machine: AgentMachine;
  readonly authority: PrivateAuthority;
  readonly http: string;
  readonly https: string;
  agent(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandResult>;
  enroll(server: string, env: Readonly<Record<string, string>>): Promise<CommandResult>;
}

/** A server behind TLS from a private authority, with and without it, and a proxy on the way. */
async function scene(t: TestContext): Promise<Scene> {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await AgentMachine.create(t);
  const folder = join(machine.directory, "authority");
  mkdirSync(folder);
  const authority = makePrivateAuthority(folder);
  const https = `https://localhost:${await tlsBefore(t, () => server.url, authority)}/`;
  const agent: Scene["agent"] = (env, ...args) =>
    fairleadAgent([...args, "--home", machine.home], {
      env: { NODE_EXTRA_CA_CERTS: authority.caFile, ...env },
    });
  return {
    ...{ proxy: await WebProxy.start(t), machine, authority, http: server.url, https, agent },
    enroll: (address, env) =>
      agent(
        env,
        ...["enroll", "--server", address, "--product", "lantern", "--install-path", machine.executable],
        ...["--root-sha256", server.rootSha256, "--force"],
      ),
  };
}

test("everything of an update goes through the proxy that the environment names, with http and with https", async (t) => {
  const { proxy, machine, http, https, agent, enroll } = await scene(t);
  proxy.account = "agent:s3cret";
  for (const [server, env] of [
    [http, { HTTP_PROXY: proxy.url }],
    [http, { http_proxy: proxy.url.replace("http://", ""), HTTP_PROXY: "http://127.0.0.1:1" }],
    [https, { https_proxy: proxy.url }],
    [https, { HTTPS_PROXY: proxy.url }],
  ] as const) {
    proxy.seen.length = 0;
    const enrolled = await enroll(server, env);
    assert.equal(enrolled.code, 0, enrolled.stdout);
    const update = await agent(env, "update");
    assert.equal(update.code, 0, update.stdout);
    const { host } = new URL(server);
    const isTunnelled = server === https;
    assert.ok(proxy.seen.length >= (isTunnelled ? 2 : 5), proxy.seen.join("\n"));
    const expected = isTunnelled ? `CONNECT ${host}` : `GET http://${host}/`;
    assert.ok(
      proxy.seen.every((line) => line.startsWith(expected)),
      proxy.seen.join("\n"),
    );
  }
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("hosts in NO_PROXY, and all with `proxy: none`, are asked directly; the config's proxy goes before the environment's", async (t) => {
  const { proxy, machine, http, https, agent, enroll } = await scene(t);
  for (const [server, env] of [
    [https, { HTTPS_PROXY: proxy.url, NO_PROXY: "example.org,localhost" }],
    [http, { HTTP_PROXY: proxy.url, no_proxy: "127.0.0.1" }],
  ] as const) {
    assert.equal((await enroll(server, env)).code, 0);
    assert.equal((await agent(env, "update")).code, 0);
  }
  setInConfig(machine, "proxy: none");
  const told = { HTTP_PROXY: proxy.url, NODE_USE_ENV_PROXY: "1" };
  assert.equal((await agent(told, "update")).code, 0);
  assert.deepEqual(proxy.seen, []);
  assert.equal((await enroll(http, {})).code, 0);
  setInConfig(machine, `proxy: ${proxy.url}`);
  assert.equal((await agent({ HTTP_PROXY: "http://127.0.0.1:1" }, "update")).code, 0);
  assert.ok(proxy.seen.length > 0, proxy.seen.join("\n"));
});

test("a proxy that does not let the agent through is named, and its password is not", async (t) => {
  const { proxy, machine, http, https, agent, enroll } = await scene(t);
  assert.equal((await enroll(https, {})).code, 0);
  const wrong = `http://agent:wr0ng@127.0.0.1:${proxy.port}`;
  proxy.account = "agent:s3cret";
  const messages: string[] = [];
  const refused = async (env: Readonly<Record<string, string>>): Promise<void> => {
    const { code, stdout, stderr } = await agent(env, "update");
    assert.equal(code, 1, stdout);
    messages.push(`${stdout}${stderr}`);
  };
  await refused({ HTTPS_PROXY: wrong });
  await refused({ HTTPS_PROXY: "http://agent:wr0ng@127.0.0.1:1" });
  assert.equal((await enroll(http, {})).code, 0);
  await refused({ HTTP_PROXY: wrong });
  await refused({ HTTP_PROXY: "http://agent:wr0ng@127.0.0.1:1" });
  await refused({ HTTP_PROXY: "ftp://agent:wr0ng@127.0.0.1" });
  assert.match(
    messages[0] ?? "",
    /^error\[fetch\/proxy-refused\]: the proxy 127\.0\.0\.1:\d+ does not lead to localhost/,
  );
  assert.match(messages[1] ?? "", /^error\[fetch\/(proxy-refused|connection-failed)\]/m);
  assert.match(messages[2] ?? "", /^error\[fetch\/proxy-refused\][\s\S]*name and a password/m);
  assert.match(messages[3] ?? "", /^error\[fetch\/(proxy-refused|connection-failed)\]/m);
  assert.match(messages[4] ?? "", /^error\[fetch\/bad-proxy\]/m);
  setInConfig(machine, "proxy: ftp://agent:wr0ng@127.0.0.1");
  const bad = await agent({}, "status");
  assert.match(bad.stdout + bad.stderr, /config\/bad-config/);
  for (const message of [...messages, bad.stdout, bad.stderr]) assert.doesNotMatch(message, /wr0ng|s3cret/);
});

test("a proxy that reads TLS is told apart from a network that is down", async (t) => {
  const { proxy, machine, http, https, agent, enroll } = await scene(t);
  assert.equal((await enroll(https, {})).code, 0);
  const folder = join(machine.directory, "interceptor");
  mkdirSync(folder);
  proxy.interceptor = await tlsBefore(t, () => http, makePrivateAuthority(folder));
  const update = await agent({ HTTPS_PROXY: proxy.url }, "update");
  assert.equal(update.code, 1);
  assert.match(
    update.stderr,
    /^error\[fetch\/untrusted-certificate\]: localhost:\d+: [\s\S]*reads TLS[\s\S]*NODE_EXTRA_CA_CERTS/m,
  );
});
