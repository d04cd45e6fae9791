import assert from "node:assert/strict";
import { test } from "node:test";
import { isCharacterKey, matchKey, nameOfKey, type PressedKey } from "../../dashboard/shell/keys.ts";

const press = (key: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});
const known = new Set(["/", "?", "t", "j", "Shift+x", "g o", "g f", "Enter"]);

test("what the browser is meant by has no name here", () => {
  assert.equal(nameOfKey(press("t", { ctrlKey: true })), undefined);
  assert.equal(nameOfKey(press("f", { metaKey: true })), undefined);
  assert.equal(nameOfKey(press("Shift", { shiftKey: true })), undefined);
});

test("shift is part of a letter's name and not of a sign's", () => {
  assert.equal(nameOfKey(press("X", { shiftKey: true })), "Shift+x");
  assert.equal(nameOfKey(press("?", { shiftKey: true })), "?");
  assert.equal(nameOfKey(press("Enter")), "Enter");
});

test("two keys are one word, and the second alone means what it means alone", () => {
  assert.deepEqual(matchKey("g", undefined, known), { wait: "g" });
  assert.deepEqual(matchKey("o", "g", known), { act: "g o" });
  assert.deepEqual(matchKey("t", "g", known), { act: "t" });
  assert.deepEqual(matchKey("o", undefined, known), {});
  assert.deepEqual(matchKey("g", "g", known), { wait: "g" });
});

test("letters and signs can be turned off, named keys cannot", () => {
  assert.deepEqual(["t", "/", "Shift+x", "Enter", "Escape"].map(isCharacterKey), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
