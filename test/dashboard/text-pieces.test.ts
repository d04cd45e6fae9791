import assert from "node:assert/strict";
import { test } from "node:test";
import { codeSpan } from "../../controller/overview/phrases.ts";
import { textPieces } from "../../dashboard/parts/text-pieces.ts";

const text = (words: string) => ({ kind: "text", text: words });
const code = (words: string) => ({ kind: "code", text: words });

test("what stands between backticks is code, and a lone one is text", () => {
  assert.deepEqual(textPieces("`a:1` is not `4h`."), [code("a:1"), text(" is not "), code("4h"), text(".")]);
  assert.deepEqual(textPieces("it's ` alone"), [text("it's ` alone")]);
  assert.deepEqual(textPieces("``` and `x`"), [text("``` and "), code("x")]);
});

test("a message that holds backticks itself is one piece of code in the sentence that quotes it", () => {
  for (const message of ["version `GLIBC_2.34' not found", "`a`", "``", "a `b`` c", " x ", "plain"]) {
    const pieces = textPieces(`5 of 13 failed with ${codeSpan(message)}. Nobody else gets it.`);
    assert.deepEqual(pieces, [text("5 of 13 failed with "), code(message), text(". Nobody else gets it.")]);
  }
});

test("moments that were written for machines are moments, but not where they are part of what is copied", () => {
  assert.deepEqual(textPieces("not before 2026-11-21T14:13:00Z; see `--at 2026-11-21T14:13:00Z`"), [
    ...[text("not before "), { kind: "time", at: 1_795_270_380 }, text("; see ")],
    code("--at 2026-11-21T14:13:00Z"),
  ]);
});
