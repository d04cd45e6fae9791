import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { failureSignature } from "../../controller/fleet/failure-signature.ts";

const SAME: readonly (readonly [what: string, signature: string, ...messages: readonly string[]])[] = [
  ["numbers", "exit code <n> after <n> s", "exit code 1 after 30 s", "exit code 137 after 2.5 s"],
  [
    "paths",
    "cannot open <path>: no such file",
    "cannot open /opt/acme/agent: no such file",
    "cannot open C:\\Program\\agent.exe: no such file",
  ],
  [
    "times",
    "<time> lost the connection",
    "2026-03-01T10:00:00.123Z lost the connection",
    "2026-03-02 11:00:00 lost the connection",
    "23:59:59 lost the connection",
  ],
  [
    "addresses",
    "connect ECONNREFUSED <address>",
    "connect ECONNREFUSED 10.0.0.1:443",
    "connect ECONNREFUSED 192.168.7.20:8443",
    "connect ECONNREFUSED fe80::1",
  ],
  [
    "addresses on the web",
    "GET <url> failed",
    "GET https://a.example/x?y=1 failed",
    "GET http://b.example failed",
  ],
  [
    "ids",
    "job <id> died",
    "job 9f2c1b7a0d3e died",
    "job 7b1d0c4e-1111-4222-8333-444455556666 died",
    "job 0xdeadbeef died",
  ],
  [
    "quoted names",
    "unknown user <name>",
    'unknown user "alice"',
    "unknown user 'bob'",
    "unknown user `carol`",
  ],
];

for (const [what, signature, ...messages] of SAME) {
  test(`messages that differ in ${what} have one signature`, () => {
    assert.deepEqual(
      messages.map(failureSignature),
      messages.map(() => signature),
    );
  });
}

test("messages that say different things have different signatures", () => {
  const messages = [
    "version `GLIBC_2.34' not found",
    "cannot execute binary file: Exec format error",
    "the self-test said the wrong version",
    "deadbeef is a word here, and facade is one too",
    "I can't and won't start",
  ];
  assert.equal(new Set(messages.map(failureSignature)).size, messages.length);
  assert.equal(failureSignature("facade added decade"), "facade added decade");
  assert.equal(failureSignature("I can't and won't start"), "I can't and won't start");
});

test("several lines and colours of a terminal are one plain line", () => {
  assert.equal(failureSignature("\u001b[31merror\u001b[0m:\n  no\tlicence\n"), "error: no licence");
});

test("a signature is bounded, on one line, and the same each time, whatever the text is", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 500 }),
        fc.stringMatching(/^[a-f0-9:/.\\"'@ -]{0,300}$/),
      ),
      (text) => {
        const signature = failureSignature(text);
        assert.ok(signature.length <= 200);
        assert.ok(signature.isWellFormed());
        assert.doesNotMatch(signature, /[\n\r\t\d]/);
        assert.equal(failureSignature(text), signature);
      },
    ),
    { numRuns: 500 },
  );
});

test("a text that is made to be slow takes no longer than another: a million characters of each", () => {
  // A pattern that went back over its text would need minutes for one of them, and the runner gives up.
  for (const unit of [
    "a",
    "1",
    "/",
    ":",
    '"',
    "'",
    "@",
    "a.",
    "0-",
    "f:",
    "1.1,",
    "\\x",
    "\u001b[",
    "h://",
  ]) {
    assert.ok(failureSignature(unit.repeat(1_000_000)).length <= 200);
  }
});
