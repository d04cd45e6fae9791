import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HttpSignatureError } from "../../../protocol/http-signatures/http-signature-error.ts";
import {
  type BareItem,
  type Dictionary,
  FIELD_LIMITS,
  type InnerList,
  type Item,
  parseDictionary,
  serialiseDictionary,
} from "../../../protocol/http-signatures/structured-fields.ts";

const keys = fc.stringMatching(/^[a-z*][a-z0-9_\-.*]{0,11}$/);
const bareItems: fc.Arbitrary<BareItem> = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e]{0,20}$/),
  fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
  fc.boolean(),
  fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes)),
);
const parameters = fc.array(fc.tuple(keys, bareItems), { maxLength: 4 }).map((entries) => new Map(entries));
const items: fc.Arbitrary<Item> = fc.record(
  { kind: fc.constant("item"), value: bareItems, parameters },
  { noNullPrototype: true },
);
const lists: fc.Arbitrary<InnerList> = fc.record(
  { kind: fc.constant("list"), items: fc.array(items, { maxLength: 5 }), parameters },
  { noNullPrototype: true },
);
const dictionaries: fc.Arbitrary<Dictionary> = fc
  .array(fc.tuple(keys, fc.oneof(items, lists)), { maxLength: 5 })
  .map((entries) => new Map(entries));

test("what is written is read back as it was", () => {
  fc.assert(
    fc.property(dictionaries, (dictionary) => {
      const text = serialiseDictionary(dictionary);
      assert.deepEqual(parseDictionary(text), dictionary);
      assert.equal(serialiseDictionary(parseDictionary(text)), text, "the canonical form stays");
    }),
    { numRuns: 500 },
  );
});

test("text of any kind is read or refused, and nothing else happens", () => {
  const fragments = fc.constantFrom(
    ...'=;,():"\\?-*. \tabz09'.split(""),
    "a=",
    ';a="',
    "=:AA==:",
    "=(",
    "\u00e9",
    "\n",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const read = parseDictionary(text);
        assert.deepEqual(parseDictionary(serialiseDictionary(read)), read);
      } catch (error) {
        assert.ok(error instanceof HttpSignatureError, String(error));
        assert.equal(error.code, "signature/malformed");
      }
    }),
    { numRuns: 3000 },
  );
});

test("white space is taken where RFC 9651 allows it", () => {
  const canonical = 'a=("x" "y");p=1, b;q, c=:AAE=:';
  for (const text of ['  a=(  "x"   "y"  );  p=1 \t,\t b; q,c=:AAE=:  ', canonical]) {
    assert.equal(serialiseDictionary(parseDictionary(text)), canonical);
  }
  assert.equal(parseDictionary("").size, 0);
});

for (const [what, text] of [
  ["a key that stands there twice", "a=1, a=2"],
  ["a parameter that stands there twice", "a=1;b=1;b=2"],
  ["a comma at the end", "a=1,"],
  ["two commas", "a=1,,b=2"],
  ["a key in upper case", "A=1"],
  ["a decimal", "a=1.5"],
  ["an integer of 16 digits", "a=1000000000000000"],
  ["a token", "a=token"],
  ["a date", "a=@1618884473"],
  ["a string without an end", 'a="b'],
  ["a string with another escape", 'a="\\n"'],
  ["a string that is not ASCII", 'a="\u00e9"'],
  ["an inner list without an end", 'a=("b"'],
  ["items without a space between them", 'a=("b""c")'],
  ["a tab between items", 'a=("b"\t"c")'],
  ["an inner list in an inner list", 'a=(("b"))'],
  ["base64 without padding", "a=:AAE:"],
  ["base64 with bits in its padding", "a=:AAF=:"],
  ["base64 with padding in its middle", "a=:AA==AA==:"],
  ["base64url", "a=:__8=:"],
  ["text after the end", "a=1 b=2"],
  ["a space before the equals sign", "a =1"],
  ["an empty value", "a="],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => parseDictionary(text),
      (error) => error instanceof HttpSignatureError && error.code === "signature/malformed",
    );
  });
}

test("what is longer or has more entries than a signed message needs is refused", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
  const most = FIELD_LIMITS.entries;
  const refused = (text: string) => assert.throws(() => parseDictionary(text), HttpSignatureError);
  assert.equal(parseDictionary(many(most).join(",")).size, most);
  refused(many(most + 1).join(","));
  parseDictionary(
    `a=(${many(most)
      .map(() => '"x"')
      .join(" ")})`,
  );
  refused(
    `a=(${many(most + 1)
      .map(() => '"x"')
      .join(" ")})`,
  );
  refused(`a;${many(most + 1).join(";")}`);
  refused("k".repeat(FIELD_LIMITS.keyCharacters + 1));
  parseDictionary(`a="${"x".repeat(FIELD_LIMITS.characters - 4)}"`);
  refused(`a="${"x".repeat(FIELD_LIMITS.characters - 3)}"`);
});

test("what has no form in a structured field is not written", () => {
  const written =
    (value: BareItem, key = "a") =>
    () =>
      serialiseDictionary(new Map([[key, { kind: "item", value, parameters: new Map() }]]));
  for (const write of [written("\u00e9"), written("a\nb"), written(1.5), written(1e15), written(1, "A")]) {
    assert.throws(write, HttpSignatureError);
  }
});
