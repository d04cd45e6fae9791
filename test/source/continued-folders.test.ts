/** Of a folder that was read before only what differs is looked at: it must be found to be what a fresh look finds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findEntries, type Tree } from "../../controller/source/read-trees.ts";

const ID_BYTES = 20;

interface Entry {
  readonly name: string;
  readonly mode: string;
  readonly id: number;
}

function encode(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.map(({ name, mode, id }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.alloc(ID_BYTES, id)]),
    ),
  );
}

function sorted(entries: readonly Entry[]): Entry[] {
  const key = ({ name, mode }: Entry): string => (mode === "40000" ? `${name}/` : name);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return [...byName.values()].sort((a, b) => Buffer.from(key(a)).compare(Buffer.from(key(b))));
}

const name = fc.stringMatching(/^[ab.0-]{1,4}$/);
// Bytes of ids that look like the beginning of an entry, or like its end, are what could lead astray.
const id = fc.constantFrom(0, 0x20, 0x31, 0x61, 7);
const mode = fc.oneof(
  { weight: 30, arbitrary: fc.constant("100644") },
  { weight: 1, arbitrary: fc.constant("40000") },
);
const entry = fc.record({ name, mode, id });
const edit = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), entry }),
  fc.record({ kind: fc.constant("drop" as const), at: fc.nat(40) }),
  fc.record({ kind: fc.constant("twice" as const), at: fc.nat(40) }),
  fc.record({ kind: fc.constant("swap" as const), at: fc.nat(40) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(400) }),
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(400) }),
);

function edited(
  entries: readonly Entry[],
  changes: readonly (typeof edit extends fc.Arbitrary<infer E> ? E : never)[],
): Buffer {
  let list = [...entries];
  let bytes: Buffer | undefined;
  for (const change of changes) {
    switch (change.kind) {
      case "set":
        list = sorted([...list, change.entry]);
        break;
      case "drop":
        list.splice(change.at % (list.length + 1), 1);
        break;
      case "twice":
        list.splice(
          change.at % (list.length + 1),
          0,
          ...list.slice(change.at % (list.length + 1)).slice(0, 1),
        );
        break;
      case "swap":
        list.splice(
          change.at % (list.length + 1),
          2,
          ...list
            .slice(change.at % (list.length + 1))
            .slice(0, 2)
            .reverse(),
        );
        break;
      case "cut":
        bytes = encode(list);
        bytes = bytes.subarray(0, change.at % (bytes.length + 1));
        break;
      case "flip":
        bytes = encode(list);
        if (bytes.length > 0) bytes[change.at % bytes.length] = 0x31;
        break;
    }
  }
  return bytes ?? encode(list);
}

test("a folder that is continued from what it was is what it is by itself, whatever was changed in it", () => {
  const seen = { continued: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.array(edit, { maxLength: 3 }), (entries, changes) => {
      const before = encode(sorted(entries));
      const found = findEntries(before, ID_BYTES);
      if (typeof found === "string") return;
      const like: Tree = { id: "", bytes: before, ...found };
      const after = edited(sorted(entries), changes);
      const fresh = findEntries(after, ID_BYTES);
      assert.deepEqual(findEntries(after, ID_BYTES, like), fresh);
      seen[typeof fresh === "string" ? "refused" : "continued"]++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen.continued > 500 && seen.refused > 200, JSON.stringify(seen));
});

test("of a folder of 20,000 files in which one was changed, a handful of entries is read", () => {
  const entries = Array.from({ length: 20_000 }, (_, index) => ({
    name: `tenant-${String(index).padStart(5, "0")}.yaml`,
    mode: "100644",
    id: index % 251,
  }));
  const before = encode(entries);
  const found = findEntries(before, ID_BYTES);
  assert.ok(typeof found !== "string");
  const after = encode(entries.map((one, index) => (index === 9_000 ? { ...one, id: 255 } : one)));
  let looks = 0;
  const counted = new Proxy(after, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "string" && /^\d+$/.test(key)) looks++;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const like: Tree = { id: "", bytes: before, ...found };
  const continued = findEntries(counted, ID_BYTES, like);
  assert.ok(typeof continued !== "string");
  assert.equal(continued.starts.length, 20_001);
  assert.ok(looks < 40_000, `${looks} of ${after.length} bytes were looked at one by one`);
});
