import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../agent/config/config-error.ts";
import { parseConfig, readConfig, writeConfig } from "../../agent/config/config-file.ts";
import { inspectHeader } from "../../agent/files/inspect-executable.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { createLog } from "../../agent/output/log.ts";
import { nearestWord } from "../../agent/output/nearest-word.ts";
import { formatBar } from "../../agent/output/progress-bar.ts";
import { refusalOf } from "../../agent/output/refusal.ts";
import { splitCommand } from "../../agent/process/command-line.ts";
import { printsVersion } from "../../agent/process/self-test.ts";

const SOUND = {
  schemaVersion: 1,
  server: "https://updates.acme.example/fleet",
  product: "lantern",
  install_path: "/opt/lantern",
};

/** What the defaults are for the machine. */
const MACHINE = {
  server: "https://updates.acme.example/fleet/",
  pace: { minBytesPerSecond: 1000, windowSeconds: 60 },
  checkIn: false,
  reportLogs: true,
};

test("a config with only what is required gets the defaults", () => {
  assert.deepEqual(parseConfig(SOUND, "config.yaml"), {
    ...MACHINE,
    products: [
      {
        ...MACHINE,
        product: "lantern",
        place: "top",
        installPath: "/opt/lantern",
        selfTest: { command: ["{path}", "--version"], seconds: 30 },
        confirm: { seconds: 60, attempts: 5 },
      },
    ],
  });
});

test("an edited config holds at once, and a kept parse that others could have written is not read", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-config-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const home = agentHome(folder, {});
  const { schemaVersion: _, ...values } = SOUND;
  await writeConfig(home, values);
  assert.equal((await readConfig(home)).products[0]?.product, "lantern");
  const kept = readFileSync(home.parsedConfig, "utf8");
  assert.match(kept, /lantern/);
  await writeConfig(home, { ...values, product: "beacon" });
  assert.equal((await readConfig(home)).products[0]?.product, "beacon");

  const forged = readFileSync(home.parsedConfig, "utf8").replace("beacon", "trojan");
  writeFileSync(home.parsedConfig, forged);
  chmodSync(home.parsedConfig, 0o622);
  assert.equal((await readConfig(home)).products[0]?.product, "beacon");
  writeFileSync(home.parsedConfig, "{");
  assert.equal((await readConfig(home)).products[0]?.product, "beacon");
});

test("further products have settings of their own, and what holds for the machine", () => {
  const { products } = parseConfig(
    {
      ...SOUND,
      channel: "beta",
      check_in: true,
      products: {
        beacon: { install_path: "/opt/beacon", channel: "stable", confirm_attempts: 2 },
        agent: { install_path: "/opt/agent", self: true },
      },
    },
    "",
  );
  assert.deepEqual(
    products.map(({ product, place, channel, checkIn, self }) => [product, place, channel, checkIn, self]),
    [
      ["lantern", "top", "beta", true, undefined],
      ["beacon", "folder", "stable", true, undefined],
      ["agent", "folder", undefined, true, true],
    ],
  );
  const { product: _, install_path: __, ...machine } = SOUND;
  const only = parseConfig({ ...machine, products: { beacon: { install_path: "/opt/beacon" } } }, "");
  assert.deepEqual(
    only.products.map(({ product }) => product),
    ["beacon"],
  );
});

test("products that would be in each other's way are refused, by the key that says so", () => {
  const beacon = { install_path: "/opt/beacon" };
  const { product: _, install_path: __, ...machine } = SOUND;
  const wrong: readonly [RegExp, object][] = [
    [/`products` in/, { ...SOUND, products: ["beacon"] }],
    [/`products\.Bea con`/, { ...SOUND, products: { "Bea con": beacon } }],
    [/`products\.\.\.`/, { ...SOUND, products: { "..": beacon } }],
    [/`products\.beacon` in .* is not a mapping/, { ...SOUND, products: { beacon: "/opt" } }],
    [/`products\.beacon\.install_path` in .*: is missing/, { ...SOUND, products: { beacon: {} } }],
    [/`products\.lantern` in .* twice/, { ...SOUND, products: { lantern: beacon } }],
    [
      /`products\.beacon\.install_path` in .*`lantern` is installed there/,
      { ...SOUND, products: { beacon: { install_path: "/opt/../opt/lantern" } } },
    ],
    [
      /`products\.beacon\.self` in/,
      { ...SOUND, self: true, products: { beacon: { ...beacon, self: true } } },
    ],
    [/`product` in .*: is missing/, machine],
    [/`channel` in .*: belongs to a product/, { ...machine, channel: "beta", products: { beacon } }],
    [
      /at most 32/,
      {
        ...SOUND,
        products: Object.fromEntries(
          Array.from({ length: 32 }, (_, at) => [`p${at}`, { install_path: `/opt/p${at}` }]),
        ),
      },
    ],
  ];
  for (const [message, document] of wrong) {
    assert.throws(() => parseConfig(document, "config.yaml"), message);
  }
  const misplaced = { ...SOUND, products: { beacon: { ...beacon, server: "http://x" } } };
  const { unknownKeys = [] } = parseConfig(misplaced, "config.yaml");
  assert.deepEqual(
    unknownKeys.map(({ key }) => key),
    ["products.beacon.server"],
    "a machine's key at a product is told, and holds nothing",
  );
});

test("each wrong value of a config is refused by its key", () => {
  const wrong: readonly [string, unknown][] = [
    ["schemaVersion", 2],
    ["server", "ftp://acme.example"],
    ["server", "https://acme.example/?q=1"],
    ["server", undefined],
    ["product", "../etc"],
    ["install_path", "relative/path"],
    ["format", "floppy"],
    ["tenant", "acme"],
    ["tenant_key", "ab"],
    ["site", ""],
    ["channel", 5],
    ["channel", "stable..4"],
    ["labels", "ring=canary"],
    ["labels", ["ring"]],
    ["labels", { Ring: "canary" }],
    ["labels", { ring: 1 }],
    ["labels", { ring: "\u001b[2J" }],
    ["labels", Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, "x"]))],
    ["update_check_interval", "soon"],
    ["update_check_interval", 300],
    ["check_in", "yes"],
    ["report_logs", 1],
    ["self_test", "a text"],
    ["self_test", []],
    ["restart", ["a\0b"]],
    ["confirm", [1]],
    ["confirm_timeout", "0s"],
    ["confirm_timeout", "2h"],
    ["confirm_attempts", 0],
    ["confirm_attempts", 1.5],
    ["self_test_timeout", "2h"],
    ["download_min_rate", -1],
    ["download_min_rate", "1k"],
    ["download_rate_window", "0s"],
    ["pin", "1.0 or so"],
    ["pin", 1],
    ["auto_update", "off"],
  ];
  for (const [key, value] of wrong) {
    assert.throws(
      () => parseConfig({ ...SOUND, [key]: value }, "config.yaml"),
      (error) =>
        error instanceof ConfigError && error.code === "config/bad-config" && error.message.includes(key),
      `${key}: ${JSON.stringify(value)}`,
    );
  }
  assert.equal(parseConfig({ ...SOUND, update_check_interval: 0 }, "").checkInterval, 0);
  assert.equal(parseConfig({ ...SOUND, format: "binary" }, "").products[0]?.format, "binary");
  assert.equal(parseConfig({ ...SOUND, channel: "stable-4.14" }, "").products[0]?.channel, "stable-4.14");
  assert.deepEqual(parseConfig({ ...SOUND, labels: { ring: "canary" } }, "").labels, { ring: "canary" });
  assert.equal(parseConfig({ ...SOUND, update_check_interval: "90s" }, "").checkInterval, 90);
});

test("whatever a config holds, it is read or refused with a ConfigError", () => {
  const value = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  const values = fc.record({
    server: value,
    restart: value,
    confirm_attempts: value,
    confirm_timeout: value,
  });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), values), (given) => {
      const document = typeof given === "object" && !Array.isArray(given) ? { ...SOUND, ...given } : given;
      try {
        parseConfig(document, "config.yaml");
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
      }
    }),
  );
});

test("a command is split as a person quotes it, and an open quote is refused", () => {
  assert.deepEqual(splitCommand(`systemctl  restart "my unit" 'a "b"' x""y ''`), [
    ...["systemctl", "restart", "my unit", 'a "b"', "xy", ""],
  ]);
  for (const bad of ["", "  ", "'open", '"open']) assert.equal(splitCommand(bad), undefined, bad);
  fc.assert(
    fc.property(
      fc.array(
        fc.string().filter((word) => !word.includes("'")),
        { minLength: 1 },
      ),
      (words) => {
        assert.deepEqual(splitCommand(words.map((word) => `'${word}'`).join(" ")), words);
      },
    ),
  );
});

test("the header of an executable tells whose it is", () => {
  const elf = (machine: number, bigEndian = false): Buffer => {
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, bigEndian ? 2 : 1, 1]);
    if (bigEndian) header.writeUInt16BE(machine, 18);
    else header.writeUInt16LE(machine, 18);
    return header;
  };
  assert.deepEqual(inspectHeader(Buffer.from("#!/bin/sh\n")), { kind: "script" });
  assert.deepEqual(inspectHeader(elf(62)), { kind: "elf", machine: "x64" });
  assert.deepEqual(inspectHeader(elf(183)), { kind: "elf", machine: "arm64" });
  assert.deepEqual(inspectHeader(elf(22, true)), { kind: "elf", machine: "s390x" });
  assert.deepEqual(inspectHeader(elf(9999)), { kind: "elf", machine: "ELF machine 9999" });
  assert.deepEqual(inspectHeader(elf(62).subarray(0, 19)), { kind: "unknown" });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const { kind } = inspectHeader(Buffer.from(bytes));
      if (kind === "script") assert.deepEqual([...bytes.subarray(0, 2)], [0x23, 0x21]);
      if (kind === "elf") assert.deepEqual([...bytes.subarray(0, 4)], [0x7f, 0x45, 0x4c, 0x46]);
    }),
  );
});

test("a version counts as printed only as a word of its own", () => {
  for (const output of [
    "1.2.3",
    "v1.2.3\n",
    "lantern 1.2.3 (linux)",
    "lantern 1.2.3.",
    '{"version":"1.2.3"}',
  ]) {
    assert.ok(printsVersion(output, "1.2.3"), output);
  }
  for (const output of ["", "1.2.30", "11.2.3", "1.2.3.4", "1.2.3-rc.1", "1.2.3+build", "0.1.2.3", "1x2.3"]) {
    assert.ok(!printsVersion(output, "1.2.3"), output);
  }
  const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join("."));
  fc.assert(
    fc.property(version, version, (printed, expected) => {
      assert.equal(printsVersion(`lantern ${printed}\n`, expected), printed === expected);
    }),
  );
});

test("what a stranger wrote can neither steer a terminal nor fake a line of the log", () => {
  const hostile = "gone\x1b[2J\u202e\nerror[install/none]: all is well\r";
  const lines: string[] = [];
  const log = createLog("human", (line) => lines.push(line));
  log.event("error", "rolled-back", hostile);
  log.refusal({ id: "fetch/bad-redirect", message: hostile, expected: hostile, got: hostile, help: hostile });
  log.refusal(refusalOf(new Error(hostile)));
  const text = lines.join("\n");
  assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}|\u202e/u);
  assert.equal(lines[0]?.includes("\n"), false);
  assert.deepEqual(
    lines[1]?.split("\n").map((line) => line.slice(0, 7)),
    ["error[f", "  = exp", "  = got", "  = hel"],
  );
});

test("the progress line has one width and says 100 % at the end only", () => {
  assert.equal(
    formatBar(12_400_000, 23_800_000),
    `[${`${"=".repeat(16)}>`.padEnd(30)}]  52 %  12.4 of 23.8 MB`,
  );
  assert.match(formatBar(0, 0), /100 %/);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), fraction(), (size, share) => {
      const received = Math.floor(size * share);
      const line = formatBar(received, size);
      assert.equal(/^\[(.*)\]/.exec(line)?.[1]?.length, 30);
      assert.equal(line.includes("100 %"), received >= size);
    }),
  );
});

test("a misspelt command suggests the nearest, another word none", () => {
  const names = ["enroll", "run", "update", "status", "explain", "rollback"];
  const near = (word: string) => nearestWord(word, names);
  assert.deepEqual(["udpate", "stauts", "enrol", "roll-back", "stat", "rnu"].map(near), [
    "update",
    "status",
    "enroll",
    "rollback",
    "status",
    "run",
  ]);
  assert.deepEqual(["uninstall", "x9x9x9", "reconcile"].map(near), [undefined, undefined, undefined]);
});

function fraction(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}
