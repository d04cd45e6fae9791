import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isDevelopment } from "../../controller/serve/controller-options.ts";
import { isLocal, parseListenAddress } from "../../controller/serve/listen-address.ts";
import { fairlead } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

/** A fleet with keys of its own, as `init` makes it, and what `serve` needs to serve it. */
async function fleet(t: TestContext): Promise<{ work: string; stateDir: string; args: string[] }> {
  const folder = await temporaryFolder(t);
  const work = join(folder, "state");
  const made = await fairlead(["init", work, "--product", "lantern"]);
  assert.equal(made.code, 0, made.stderr);
  const stateDir = join(folder, "controller");
  const onlineKey = join(work, "keys", "online.json");
  return { work, stateDir, args: ["--repo", work, "--state-dir", stateDir, "--online-key", onlineKey] };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request to an address as the banner prints it. */
function ask(address: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const [, socketPath] = /^unix:(.+)$/.exec(address) ?? [];
  const url = new URL(path, socketPath === undefined ? address : "http://socket.of.the.test");
  const where = socketPath === undefined ? {} : { socketPath };
  request(url, { ...where, headers, agent: false }, (answer) => {
    let body = "";
    answer.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
  })
    .on("error", reject)
    .end();
  return promise;
}

async function operatorsAddress(serve: ServeProcess): Promise<string> {
  return waitUntil("the operators' address", () => /Its operators ask at (\S+)\n/.exec(serve.output)?.[1]);
}

test("what a fleet's controller prints holds no key of a tenant, and says where to get one", async (t) => {
  const { args, stateDir, work } = await fleet(t);
  const serve = new ServeProcess(t, args);
  await serve.listening();
  const shown = await fairlead(["tenant", "key", "example", "--state-dir", stateDir], { cwd: work });
  assert.match(shown.stdout, /^[0-9a-f]{64}\n$/);
  await waitUntil("the hint", () => serve.output.includes("fairlead tenant key NAME") || undefined);
  assert.ok(!serve.output.includes(shown.stdout.trim()), serve.output);
  const token = await readFile(join(stateDir, "operator-token"), "utf8");
  assert.ok(!serve.output.includes(token.trim()), "nor the token that it made itself");
  assert.equal((await stat(join(stateDir, "operator-token"))).mode & 0o777, 0o600);
});

test("behind one listener a fleet's operators show a token, although they ask from this machine", async (t) => {
  const { args, stateDir } = await fleet(t);
  const url = await new ServeProcess(t, args).listening();
  assert.equal((await ask(url, "/tuf/timestamp.json")).status, 200);
  assert.equal((await ask(url, "/metrics")).status, 401);
  assert.ok(!(await ask(url, "/api/v1/status")).body.includes("lantern"));
  const shown = await fairlead(["status", "--server", url]);
  assert.equal(shown.code, 0, shown.stdout + shown.stderr);
  assert.match(shown.stdout, /^ok: serves commit [\s\S]*more is for operators/);
  const token = ["--token-file", join(stateDir, "operator-token")];
  const full = await fairlead(["status", "--server", url, ...token]);
  assert.match(full.stdout, /^ok: serves commit [\s\S]*\nlantern: /);
  const wrong = await fairlead(["status", "--server", url], {
    env: { FAIRLEAD_OPERATOR_TOKEN: "wrong".repeat(10) },
  });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^error\[api\/wrong-token\]/);
});

test("operators on an address of their own need no token there, and one where agents are", async (t) => {
  const { args } = await fleet(t);
  const tokenFile = join(await temporaryFolder(t), "token");
  const token = "a-token-of-thirty-two-characters-";
  await writeFile(tokenFile, `${token}\n`);
  const more = ["--operator-listen", "127.0.0.1:0", "--operator-token-file", tokenFile];
  const serve = new ServeProcess(t, [...args, ...more, "--public-url", "https://releases.acme.example"]);
  const agents = await serve.listening();
  const operators = await operatorsAddress(serve);
  assert.equal((await ask(operators, "/metrics")).status, 200);
  assert.equal((await ask(operators, "/tuf/timestamp.json")).status, 404);
  assert.equal((await ask(operators, "/metrics", { host: "evil.example" })).status, 421);
  assert.equal((await ask(agents, "/metrics")).status, 401);
  assert.equal((await ask(agents, "/metrics", { authorization: `Bearer ${token}` })).status, 200);
  assert.equal((await ask(agents, "/tuf/timestamp.json", { host: "releases.acme.example" })).status, 200);
  assert.equal((await ask(agents, "/tuf/timestamp.json", { host: "evil.example" })).status, 421);
  assert.ok(!serve.output.includes(token));
});

test("the page is where people are: on the operators' own address, or on the one for all", async (t) => {
  const { args } = await fleet(t);
  const browser = { accept: "text/html" };
  const one = new ServeProcess(t, args);
  const shared = await one.listening();
  assert.match((await ask(shared, "/fleet", browser)).body, /^<!doctype html>/);
  await one.stop("SIGTERM");
  const two = new ServeProcess(t, [...args, "--operator-listen", "127.0.0.1:0"]);
  const agents = await two.listening();
  const operators = await operatorsAddress(two);
  assert.match((await ask(operators, "/fleet", browser)).body, /^<!doctype html>/);
  assert.match((await ask(agents, "/", browser)).body, /^Fairlead serves a signed release manifest here/);
  assert.equal((await ask(agents, "/fleet", browser)).status, 404);
  await waitUntil("where the page is", () => two.output.includes(`for people: ${operators}/\n`) || undefined);
});

test("both may be sockets, which this user and its group can use, and a dead one is replaced", async (t) => {
  const { args } = await fleet(t);
  const folder = await temporaryFolder(t);
  const sockets = { agents: `unix:${folder}/agents.sock`, operators: `unix:${folder}/operators.sock` };
  const more = ["--listen", sockets.agents, "--operator-listen", sockets.operators];
  const killed = new ServeProcess(t, [...args, ...more]);
  assert.equal(await killed.listening(), sockets.agents);
  await killed.stop("SIGKILL");
  assert.ok((await stat(`${folder}/agents.sock`)).isSocket(), "it was left behind");

  const serve = new ServeProcess(t, [...args, ...more, "--public-url", "https://releases.acme.example"]);
  await serve.listening();
  for (const name of ["agents", "operators"]) {
    assert.equal((await stat(`${folder}/${name}.sock`)).mode & 0o777, 0o660);
  }
  const host = "releases.acme.example";
  assert.equal((await ask(sockets.agents, "/tuf/timestamp.json", { host })).status, 200);
  assert.equal((await ask(sockets.agents, "/metrics", { host })).status, 401);
  assert.equal((await ask(sockets.operators, "/metrics")).status, 200);
  const shown = await fairlead(["status", "--server", sockets.operators]);
  assert.match(shown.stdout, /^ok: serves commit [\s\S]*\nlantern: /);

  const elsewhere = ["--state-dir", join(await temporaryFolder(t), "second")];
  const second = await fairlead(["serve", "--port", "0", ...args, ...more, ...elsewhere]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /error\[serve\/port-in-use\]/);
});

test("a file in the place of a socket is left alone", async (t) => {
  const { args } = await fleet(t);
  const file = join(await temporaryFolder(t), "precious");
  await writeFile(file, "precious");
  const { code, stderr } = await fairlead(["serve", ...args, "--listen", `unix:${file}`]);
  assert.equal(code, 1);
  assert.match(stderr, /error\[serve\/port-in-use\].*a file is there/);
  assert.equal(await readFile(file, "utf8"), "precious");
});

test("an address is read as a port, a name, an IPv6 address or a socket, and nothing else", () => {
  const read = (text: string) => parseListenAddress(text);
  assert.deepEqual(read("10.0.0.5:80"), { kind: "tcp", host: "10.0.0.5", port: 80 });
  assert.deepEqual(read("[::1]:80"), { kind: "tcp", host: "::1", port: 80 });
  assert.deepEqual(read(":80"), { kind: "tcp", host: "127.0.0.1", port: 80 });
  assert.deepEqual(read("unix:/run/a.sock"), { kind: "unix", path: "/run/a.sock" });
  for (const bad of [
    "",
    "80",
    "host",
    "host:",
    "host:65536",
    "::1:80",
    "unix:",
    "unix:a.sock",
    "http://x:80",
  ]) {
    assert.equal(read(bad), undefined, bad);
  }
  assert.ok(isLocal({ kind: "tcp", host: "localhost", port: 0 }));
  assert.ok(!isLocal({ kind: "tcp", host: "0.0.0.0", port: 0 }));
});

test("an operator's token that is short, or a public URL with a path, is refused before anything listens", async (t) => {
  const { args } = await fleet(t);
  const file = join(await temporaryFolder(t), "token");
  await writeFile(file, "short");
  for (const [more, code, message, env] of [
    [["--operator-token-file", file], 1, /serve\/no-operator-token.*fewer than 32/, {}],
    [[], 1, /serve\/no-operator-token.*FAIRLEAD_OPERATOR_TOKEN/, { FAIRLEAD_OPERATOR_TOKEN: "short" }],
    [["--public-url", "https://acme.example/releases"], 1, /serve\/bad-option.*public URL/, {}],
    [["--public-url", "ftp://acme.example"], 1, /serve\/bad-option.*public URL/, {}],
    [["--operator-listen", "nowhere"], 2, /unix:\/run/, {}],
    [["--access-log", "some"], 2, /percentage/, {}],
    [["--max-connections", "0"], 2, /from 1 on/, {}],
  ] as const) {
    const result = await fairlead(["serve", "--port", "0", ...args, ...more], { env });
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
  }
});

test("development is keys that were made here and no way in from elsewhere", () => {
  const here = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const everywhere = { kind: "tcp", host: "0.0.0.0", port: 0 } as const;
  const trial = { devKeys: true, publicUrls: [], agentsAddress: here, operatorsAddress: undefined };
  assert.ok(isDevelopment(trial));
  assert.ok(!isDevelopment({ ...trial, devKeys: false }));
  assert.ok(!isDevelopment({ ...trial, agentsAddress: everywhere }));
  assert.ok(!isDevelopment({ ...trial, operatorsAddress: everywhere }));
  assert.ok(!isDevelopment({ ...trial, publicUrls: [new URL("https://acme.example")] }));
});

test("a stop closes both listeners", async (t) => {
  const { args } = await fleet(t);
  const serve = new ServeProcess(t, [...args, "--operator-listen", "127.0.0.1:0"]);
  await serve.listening();
  const { port } = new URL(await operatorsAddress(serve));
  assert.equal(await serve.stop("SIGTERM"), 0, serve.output);
  const taken = createServer();
  await new Promise<void>((resolve, reject) => {
    taken.on("error", reject).listen(Number(port), "127.0.0.1", resolve);
  });
  taken.close();
});
