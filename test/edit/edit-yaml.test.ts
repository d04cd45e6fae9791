import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { EditError } from "../../controller/edit/edit-error.ts";
import { removeFromYaml, setInYaml } from "../../controller/edit/edit-yaml.ts";

const CHANNEL = `# yaml-language-server: $schema=../../../schemas/channel.schema.json
version: "1.4.1"   # held for the audit

# nobody below
minVersion: '1.3.0'
rollout:
  waves: [{percent: 1, after: 0s}, { percent: 100, after:   2d }]
  canary: {groups: [acme/canaries]}
`;

test("replacing a scalar changes nothing but its characters, and keeps its quotes", () => {
  assert.equal(setInYaml(CHANNEL, ["version"], "1.4.2"), CHANNEL.replace("1.4.1", "1.4.2"));
  assert.equal(setInYaml(CHANNEL, ["minVersion"], "1.4.0"), CHANNEL.replace("1.3.0", "1.4.0"));
});

test("a new key goes after the last one, and lists stay on one line", () => {
  assert.equal(
    setInYaml(CHANNEL, ["rollback"], { from: ["1.4.2"], reason: "crashes: at start" }),
    `${CHANNEL}rollback:\n  from: [1.4.2]\n  reason: "crashes: at start"\n`,
  );
});

test("a new key goes below comments on the last line and above none", () => {
  assert.equal(setInYaml("a: 1 # one\n# end", ["b"], "x"), "a: 1 # one\nb: x\n# end");
  assert.equal(setInYaml("a: 1", ["b"], "x"), "a: 1\nb: x\n");
});

test("maps on the way are made in the style of what is around them", () => {
  assert.equal(
    setInYaml("channel: stable\n", ["products", "agent", "pin"], { version: "1.4.0" }),
    "channel: stable\nproducts:\n  agent:\n    pin:\n      version: 1.4.0\n",
  );
  assert.equal(
    setInYaml("products: {agent: {channel: beta}}\n", ["products", "agent", "pin"], { version: "1.4.0" }),
    "products: {agent: {channel: beta, pin: {version: 1.4.0}}}\n",
  );
  assert.equal(
    setInYaml("products: { agent: { channel: beta } }\n", ["products", "agent", "pin"], { version: "1.4.0" }),
    "products: { agent: { channel: beta, pin: { version: 1.4.0 } } }\n",
  );
  assert.equal(
    setInYaml("sites: {\n  berlin: {channel: beta},\n}\n", ["sites", "oslo"], { paused: true }),
    "sites: {\n  berlin: {channel: beta},\n  oslo: {paused: true},\n}\n",
  );
});

test("a key without a value gets one", () => {
  assert.equal(
    setInYaml("products:\nchannel: a\n", ["products", "agent", "channel"], "b"),
    "products:\n  agent:\n    channel: b\nchannel: a\n",
  );
  assert.equal(setInYaml("a:\n", ["a"], "b"), "a: b\n");
});

test("a file of comments only gets its first key below them", () => {
  assert.equal(setInYaml("# acme\n", ["channel"], "beta"), "# acme\nchannel: beta\n");
  assert.equal(setInYaml("", ["channel"], "beta"), "channel: beta\n");
});

test("a scalar becomes an object on the same line, and a block list becomes a flow list", () => {
  assert.equal(
    setInYaml("paused: true # now\n", ["paused"], { reason: "fire" }),
    "paused: {reason: fire} # now\n",
  );
  assert.equal(
    setInYaml("rollback:\n  from:\n    - 1.4.2\n    - 1.4.3\n  reason: x\n", ["rollback", "from"], ["1.4.3"]),
    "rollback:\n  from: [1.4.3]\n  reason: x\n",
  );
});

test("removing an entry removes its lines and keeps the comments around them", () => {
  const text = "a: 1\n# about b\nb:\n  c: 2 # two\n\n# about d\nd: 3\n";
  assert.equal(removeFromYaml(text, ["b"]), "a: 1\n# about b\n\n# about d\nd: 3\n");
  assert.equal(removeFromYaml("{a: 1, b: 2, c: 3}\n", ["b"]), "{a: 1, c: 3}\n");
  assert.equal(removeFromYaml("{a: 1, b: 2}\n", ["b"]), "{a: 1}\n");
});

test("maps left empty go too, down to the level that is to be kept", () => {
  const text = "sites:\n  berlin:\n    products:\n      agent: {pin: {version: 1.4.0}}\n";
  const path = ["sites", "berlin", "products", "agent", "pin"];
  assert.equal(removeFromYaml(text, path, 2), "sites:\n  berlin: {}\n");
  assert.equal(removeFromYaml(text, path), "{}\n");
});

test("removing what is not there changes nothing", () => {
  assert.equal(removeFromYaml(CHANNEL, ["rollback"]), CHANNEL);
});

test("line endings and a byte order mark are kept", () => {
  const text = "\uFEFFversion: 1.0.0\r\nminVersion: 0.9.0\r\n";
  assert.equal(setInYaml(text, ["version"], "1.1.0"), text.replace("1.0.0", "1.1.0"));
  assert.equal(setInYaml(text, ["paused"], { reason: "x" }), `${text}paused:\r\n  reason: x\r\n`);
});

test("text that YAML would read as another type is quoted", () => {
  assert.equal(setInYaml("version: 1.4.1\n", ["version"], "1.4"), 'version: "1.4"\n');
  assert.equal(setInYaml("{a: x}\n", ["a"], "b, c"), '{a: "b, c"}\n');
});

test("a word in a list is replaced where it stands, in either style", () => {
  const block = "groups:\n  - acme/canaries   # the lab\n  - 'globex/first'\n";
  assert.equal(
    setInYaml(block, ["groups", 0], "labs/canaries"),
    block.replace("acme/canaries", "labs/canaries"),
  );
  assert.equal(setInYaml(block, ["groups", 1], "labs/first"), block.replace("globex/first", "labs/first"));
  assert.equal(setInYaml("groups: [a/b, c/d]\n", ["groups", 1], "e/f"), "groups: [a/b, e/f]\n");
});

test("an item of a list is edited in its own style, and one that is not there is refused", () => {
  const artifacts = ["artifacts", 1, "active"] as const;
  assert.equal(
    setInYaml("artifacts:\n  - {platform: a}\n  - {platform: b}   # slow\n", artifacts, false),
    "artifacts:\n  - {platform: a}\n  - {platform: b, active: false}   # slow\n",
  );
  assert.equal(
    setInYaml(
      "artifacts:\n  - platform: a\n\n  - platform: b\n    size: 1   # tiny\nmore: 1\n",
      artifacts,
      false,
    ),
    "artifacts:\n  - platform: a\n\n  - platform: b\n    size: 1   # tiny\n    active: false\nmore: 1\n",
  );
  assert.equal(
    setInYaml("artifacts: [{active: true}, {active: true}]\n", artifacts, false),
    "artifacts: [{active: true}, {active: false}]\n",
  );
  for (const text of [
    "artifacts: [{platform: a}]\n",
    "artifacts: [a, b]\n",
    "artifacts: {}\n",
    "other: 1\n",
  ]) {
    assert.throws(() => setInYaml(text, artifacts, false), { code: "edit/uneditable-file" }, text);
  }
});

test("what is not one YAML map is refused", () => {
  for (const text of ["- a\n", "a: [\n", "a: 1\n---\nb: 2\n", "a: 1\na: 2\n"]) {
    assert.throws(
      () => setInYaml(text, ["b"], "x"),
      (error) => error instanceof EditError && error.code === "edit/uneditable-file",
    );
  }
});

const keys = fc.constantFrom("a", "b", "c", "12");
const scalars = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.boolean(),
  fc.constantFrom("1.4", "1.4.2", "null", "# x", "a: b", "- a"),
);
const trees = fc.letrec<{ tree: unknown; map: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, scalars, fc.array(scalars, { maxLength: 3 }), tie("map")),
  map: fc.dictionary(keys, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
})).map;

test("for any document, setting says exactly the new value, and removing it again restores the rest", () => {
  fc.assert(
    fc.property(
      trees,
      fc.array(keys, { minLength: 1, maxLength: 3 }),
      scalars,
      fc.constantFrom("any", "block", "flow"),
      (tree, path, value, style) => {
        const text = stringify(tree, { collectionStyle: style as "any", lineWidth: 0 });
        const edited = setInYaml(text, path, value);
        let here: unknown = parse(edited);
        for (const key of path) here = (here as Record<string, unknown>)[key];
        assert.equal(here, value);
        const removed = parse(removeFromYaml(edited, path)) as Record<string, unknown>;
        for (const key of Object.keys(tree)) {
          if (key !== path[0]) assert.deepEqual(removed[key], tree[key]);
        }
      },
    ),
    { numRuns: 500 },
  );
});
