import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { AGENT, run } from "../support/run-command.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { tlsBefore } from "./web-proxy.ts";

/** Tells at its end which of these parts of Node and of the packages a process has loaded. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from "node:module";
const packages = new Set();
registerHooks({ load: (url, context, next) => {
  const found = /node_modules\\/([^/]+)\\//.exec(url);
  if (found) packages.add(found[1]);
  return next(url, context);
} });
process.on("exit", () => {
  const heavy = /^NativeModule (http|https|tls|perf_hooks|zlib|child_process|internal\\/deps\\/undici\\/undici)$/;
  const builtins = process.moduleLoadList.filter((name) => heavy.test(name));
  process.stderr.write(JSON.stringify([...packages, ...builtins.map((name) => name.slice(13))].sort()));
});
`)}`;

test("a quiet poll loads neither a YAML parser, nor decompression, node:http, TLS or undici", async (t) => {
  const { machine } = await enrolledMachine(t);
  await machine.agent("update", "--check");
  const quiet = ["--import", TELL_LOADED, AGENT, "update", "--check", "--home", machine.home];
  const { code, stderr } = await run(process.execPath, quiet);
  assert.deepEqual([code, JSON.parse(stderr)], [0, ["semver"]]);
});

test("over TLS it loads no node:http either, and asks no server that does not prove who it is", async (t) => {
  const { machine, server } = await enrolledMachine(t);
  const folder = join(machine.directory, "authority");
  mkdirSync(folder);
  const authority = makePrivateAuthority(folder);
  const port = await tlsBefore(t, () => server.url, authority);
  const trusting = { env: { NODE_EXTRA_CA_CERTS: authority.caFile } };
  const enroll = ["enroll", "--server", `https://localhost:${port}/`, "--product", "lantern", "--force"];
  const enrolled = await run(
    process.execPath,
    [
      ...[AGENT, ...enroll, "--install-path", machine.executable, "--home", machine.home],
      ...["--root-sha256", server.rootSha256],
    ],
    trusting,
  );
  assert.equal(enrolled.code, 0, enrolled.stdout + enrolled.stderr);
  const check = ["--import", TELL_LOADED, AGENT, "update", "--check", "--home", machine.home];
  assert.equal((await run(process.execPath, check, trusting)).code, 0);
  const before = server.polls;
  const { code, stderr } = await run(process.execPath, check, trusting);
  assert.deepEqual([code, JSON.parse(stderr), server.polls], [0, ["semver", "tls"], before + 1]);

  const distrusting = await run(process.execPath, check);
  assert.equal(distrusting.code, 1);
  assert.match(
    distrusting.stderr,
    /^error\[fetch\/untrusted-certificate\]: localhost:\d+: this machine does not trust/,
  );
  assert.equal(server.polls, before + 1);
});
