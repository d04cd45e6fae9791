import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readByteRange } from "../../controller/http/manifest/byte-range.ts";

const ETAG = '"tag"';

test("whatever a Range header says, what is sent lies within the file", () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(200), fc.nat(200)).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat(200).map((a) => `bytes=${a}-`),
    fc.nat(200).map((a) => `bytes=-${a}`),
    fc.constantFrom("bytes=0-0,5-6", "bytes=-", "bytes=9999999999999999-", "items=0-1", "bytes=1-0"),
  );
  fc.assert(
    fc.property(header, fc.nat(100), (range, size) => {
      const result = readByteRange(range, undefined, ETAG, size);
      if (result.kind !== "part") return;
      assert.ok(0 <= result.start && result.start <= result.end && result.end < size, JSON.stringify(result));
    }),
  );
});

test("ranges mean what RFC 9110 says", () => {
  const read = (range: string, ifRange?: string) => readByteRange(range, ifRange, ETAG, 10);
  assert.deepEqual(read("bytes=0-4"), { kind: "part", start: 0, end: 4 });
  assert.deepEqual(read("bytes=5-"), { kind: "part", start: 5, end: 9 });
  assert.deepEqual(read("bytes=5-99"), { kind: "part", start: 5, end: 9 });
  assert.deepEqual(read("bytes=-3"), { kind: "part", start: 7, end: 9 });
  assert.deepEqual(read("bytes=-99"), { kind: "part", start: 0, end: 9 });
  assert.deepEqual(read("bytes=10-"), { kind: "unsatisfiable" });
  assert.deepEqual(read("bytes=-0"), { kind: "unsatisfiable" });
  for (const other of ["bytes=0-1,3-4", "bytes=4-2", "lines=0-1", "bytes=", ""]) {
    assert.deepEqual(read(other), { kind: "whole" }, other);
  }
  assert.deepEqual(read("bytes=5-", ETAG), { kind: "part", start: 5, end: 9 });
  assert.deepEqual(read("bytes=5-", `W/${ETAG}`), { kind: "whole" }, "a weak tag cannot vouch for bytes");
});
