import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import "../support/freeze-kept.ts";

test("a value is computed once for each object, and again for an equal one", () => {
  const lengths = new KeptByIdentity<readonly string[], number>();
  const asked: (readonly string[])[] = [];
  const lengthOf = (list: readonly string[]) => {
    asked.push(list);
    return list.length;
  };
  const list = ["a"];
  assert.deepEqual([lengths.of(list, lengthOf), lengths.of(list, lengthOf)], [1, 1]);
  assert.equal(lengths.get(["a"]), undefined);
  assert.equal(lengths.of(["a"], lengthOf), 1);
  assert.equal(asked.length, 2);
});

test("in tests, nothing that something is kept by can be changed, however deep", () => {
  class Late {
    readonly members = ["a"];
    private places: string | undefined;
    place(): string {
      this.places ??= "found late";
      return this.places;
    }
  }
  const late = new Late();
  const model = {
    name: "agent",
    versions: new Map([["1.0.0", { active: true }]]),
    late,
    days: new Set(["sat"]),
  };
  new KeptByIdentity<object, string>().set(model, "kept");
  assert.throws(() => Object.assign(model, { name: "other" }), TypeError);
  assert.throws(() => model.versions.set("1.1.0", { active: true }), /nobody may change/);
  assert.throws(() => model.days.delete("sat"), /nobody may change/);
  assert.throws(() => Object.assign(model.versions.get("1.0.0") ?? {}, { active: false }), TypeError);
  assert.throws(() => late.members.push("b"), TypeError);
  assert.equal(late.place(), "found late");
});

test("in tests, bytes that were changed after something was kept by them are found out", () => {
  const digests = new KeptByIdentity<Buffer, string>();
  const bytes = Buffer.from("abc");
  digests.set(bytes, "kept");
  assert.equal(digests.get(bytes), "kept");
  bytes[0] = 0;
  assert.throws(() => digests.get(bytes), /somebody changed them/);
});
