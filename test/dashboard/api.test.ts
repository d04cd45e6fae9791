import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { errorOf } from "../../dashboard/api/api-error.ts";
import { ANYTHING, concerns, readChange } from "../../dashboard/api/change.ts";
import { EventParser } from "../../dashboard/api/event-parser.ts";
import { readingOf } from "../../dashboard/api/reading.ts";
import { isToken, tokenIn } from "../../dashboard/api/token-form.ts";

test("events are read alike, wherever the stream is cut", () => {
  const stream =
    'retry: 1500\n\nid: a-1\nevent: hello\ndata: {}\n\n: still here\n\nid: a-2\r\nevent: device\r\ndata: {"device":"d"}\r\n\r\ndata: 1\ndata: 2\n\n';
  const whole = new EventParser().push(stream);
  assert.deepEqual(whole, [
    { id: "a-1", name: "hello", data: "{}" },
    { id: "a-2", name: "device", data: '{"device":"d"}' },
    { id: "a-2", name: "message", data: "1\n2" },
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const parser = new EventParser();
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const read = places.flatMap((from, index) =>
        parser.push(stream.slice(from, places[index + 1] ?? from)),
      );
      assert.deepEqual(read, whole);
    }),
  );
});

test("an event without an end is given up", () => {
  const parser = new EventParser();
  assert.throws(() => {
    for (let piece = 0; piece < 300; piece++) parser.push("x".repeat(1024));
  }, /no end/);
});

test("an error is the controller's own, or said to be somebody else's", () => {
  const own = errorOf(404, {
    code: "http/not-found",
    detail: "there is no such agent",
    help: "look",
    status: 404,
  });
  assert.deepEqual(
    [own.code, own.message, own.help, own.status],
    ["http/not-found", "there is no such agent", "look", 404],
  );
  for (const body of [undefined, null, "<html>", 7, { message: "x" }]) {
    const other = errorOf(502, body);
    assert.deepEqual([other.code, other.status], ["page/unreadable", 502]);
  }
});

test("what was shown stays while it is asked for again, and when that fails", () => {
  const again = () => undefined;
  const trouble = errorOf(503, undefined);
  const shown = { url: "/a", value: 1, at: 5 };
  const asking = { url: "/a", isSlow: false, trouble: undefined };
  assert.equal(readingOf(undefined, asking, again).kind, "awaited");
  assert.equal(readingOf(undefined, { ...asking, trouble }, again).kind, "failed");
  const failed = readingOf(shown, { ...asking, trouble }, again);
  assert.ok(failed.kind === "shown");
  assert.deepEqual([failed.value, failed.at, failed.trouble, failed.isOther], [1, 5, trouble, false]);
  const other = readingOf(shown, { ...asking, url: "/b" }, again);
  assert.ok(other.kind === "shown" && other.isOther);
});

test("a token is taken from behind the address, and only what a header can carry", () => {
  assert.equal(tokenIn("#token=abc%2Bdef"), "abc+def");
  assert.equal(tokenIn("#x=1&token=abc"), "abc");
  for (const hash of ["", "#", "#token=", "#token=a%0Ab", "#tokens=abc"])
    assert.equal(tokenIn(hash), undefined, hash);
  assert.equal(isToken("a b"), false);
});

test("a change concerns what shows that kind, and of one machine only what is about it", () => {
  const change = readChange("changes", '{"kinds":["device","later"],"devices":["d-1"]}');
  assert.deepEqual(change, { kinds: ["device"], devices: ["d-1"] });
  assert.ok(change !== undefined);
  assert.deepEqual(
    [
      concerns(change, ["device"], undefined),
      concerns(change, ["device"], "d-1"),
      concerns(change, ["device"], "d-2"),
      concerns(change, ["rollout"], undefined),
      concerns({ kinds: ["device"] }, ["device"], "d-2"),
      concerns({ kinds: ["manifest"] }, [], "d-2"),
      concerns(ANYTHING, [], undefined),
    ],
    [true, true, false, false, true, true, true],
  );
  assert.equal(readChange("reload", "{}"), ANYTHING);
  assert.equal(readChange("hello", "{}"), undefined);
  assert.deepEqual(readChange("changes", "{"), { kinds: [] });
});
