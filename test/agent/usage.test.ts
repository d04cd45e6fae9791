import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fairleadAgent } from "../support/run-command.ts";

test("wrong use is told by its code, with what would be right, and ends with 2", async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [
      ["udpate"],
      /^error\[usage\/unknown-command\]: there is no command `udpate`\n {2}= help: did you mean `update`\?\n$/,
    ],
    [["frobnicate"], /^error\[usage\/unknown-command\]: .*\n {2}= help: see `fairlead-agent --help`\n$/],
    [
      ["update", "--nope"],
      /^error\[usage\/unknown-option\]: unknown option '--nope'\n {2}= help: see `fairlead-agent update --help`\n$/,
    ],
    [
      ["update", "--chanel", "beta"],
      /^error\[usage\/unknown-option\]: unknown option '--chanel'\n {2}= help: did you mean `--channel`\?\n$/,
    ],
    [["service"], /^error\[usage\/missing-option\]: `service` wants to know what: install, remove, show\n/],
    [["service", "instal"], /^error\[usage\/bad-value\]: `service` knows no `instal`\n/],
    [["service", "show", "x"], /^error\[usage\/unknown-option\]: unexpected argument 'x'\n/],
    [["update", "--pin", "1", "--unpin"], /^error\[usage\/conflicting-options\]: --pin and --unpin /],
    [["update", "--rollback", "--check"], /^error\[usage\/conflicting-options\]: --rollback and --check /],
    [["logs", "--since", "soon"], /^error\[usage\/bad-value\]: --since: `soon` is neither /],
    [["update", "now"], /^error\[usage\/unknown-option\]: unexpected argument 'now'\n/],
    [
      ["enroll", "--server"],
      /^error\[usage\/bad-value\]: .*\n {2}= help: see `fairlead-agent enroll --help`\n$/,
    ],
    [["enroll"], /^error\[usage\/missing-option\]: --server is required\n/],
    [["status", "--log", "xml"], /^error\[usage\/bad-value\]: --log is human or json, not `xml`\n/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await fairleadAgent(args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, expected);
  }
});

test("an enrolment blames the address that was given, and a home that cannot be one", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-usage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "file");
  writeFileSync(file, "");
  const product = ["--product", "demo", "--install-path", join(folder, "demo")];
  const server = ["--server", "http://127.0.0.1:9"];
  // Port 9 is `discard`, where nobody listens.
  const away = await fairleadAgent([
    "enroll",
    ...server,
    ...product,
    "--trust-on-first-use",
    "--home",
    folder,
  ]);
  assert.deepEqual([away.code, away.stdout], [1, ""]);
  assert.match(
    away.stderr,
    /^error\[fetch\/connection-failed\]: --server http:\/\/127\.0\.0\.1:9\/: .*\n {2}= help: check --server/,
  );
  const below = join(file, "home");
  const enrol = ["enroll", ...server, ...product, "--root", file];
  for (const args of [["status"], ["update", "--check"], enrol]) {
    const { code, stderr } = await fairleadAgent([...args, "--home", below]);
    assert.equal(code, 1, args.join(" "));
    assert.match(
      stderr,
      /^error\[home\/not-a-folder\]: cannot \w+ `.*` \(ENOTDIR\)\n {2}= help: name the agent's folder with --home/,
    );
    assert.equal(stderr.match(/error/g)?.length, 1, "told once");
  }
});
