import assert from "node:assert/strict";
import { test } from "node:test";
import { redactCredentials } from "../../controller/source/redact-credentials.ts";

test("names, passwords and tokens in URLs are removed from messages of git", () => {
  assert.equal(
    redactCredentials("fatal: unable to access 'https://bot:p@ss@git.example/x.git?token=abc&a=1'"),
    "fatal: unable to access 'https://***@git.example/x.git?token=***&a=1'",
  );
  assert.equal(redactCredentials("https://git.example/a@b"), "https://git.example/a@b");
});
