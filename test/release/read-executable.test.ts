import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ByteSource } from "../../controller/release/executable/byte-source.ts";
import { withFileBytes } from "../../controller/release/executable/file-bytes.ts";
import { type Executable, readExecutable } from "../../controller/release/executable/read-executable.ts";
import { lacks } from "../support/run-command.ts";
import { elfFile, fatFile, machOFile, peFile } from "./executable-files.ts";

const ARM64 = 0x0100000c;
const X64 = 0x01000007;
const needsReadelf = { skip: await lacks("readelf") };

/** Bytes that fail the test where a reader asks for more than it may. */
function guarded(bytes: Uint8Array): ByteSource {
  let reads = 0;
  return {
    size: bytes.length,
    read: (offset, length) => {
      assert.ok(Number.isSafeInteger(offset) && offset >= 0 && offset <= bytes.length, `offset ${offset}`);
      assert.ok(Number.isSafeInteger(length) && length >= 0 && length <= 1024 * 1024, `length ${length}`);
      assert.ok(++reads < 100_000, "reads without an end");
      return bytes.subarray(offset, offset + length);
    },
  };
}

function read(bytes: Uint8Array): Executable {
  return readExecutable(guarded(bytes));
}

const GLIBC_FILE = elfFile({
  interpreter: "/lib64/ld-linux-x86-64.so.2",
  needed: ["libm.so.6", "libc.so.6"],
  versions: ["GLIBC_2.9", "GLIBC_2.17", "GLIBC_2.4", "weak GLIBC_2.38", "GLIBC_PRIVATE"],
});
const SAMPLES = [
  GLIBC_FILE,
  elfFile({ is64: false, littleEndian: false, machine: 8, needed: ["libc.so.6"], versions: ["GLIBC_2.2"] }),
  machOFile({ processor: ARM64, build: { platform: 1, minimum: 0x000b0000 } }),
  fatFile([
    { processor: X64, bytes: machOFile({ processor: X64, oldMinimum: 0x000a0f02 }) },
    { processor: ARM64, bytes: machOFile({ processor: ARM64, build: { platform: 1, minimum: 0x000b0000 } }) },
  ]),
  peFile(0x8664, [6, 1]),
];

describe("what an executable says of itself", () => {
  it("of an ELF file: the newest symbols that it needs of glibc, counted by dots, weak ones left out", () => {
    assert.deepEqual(read(GLIBC_FILE), {
      kind: "elf",
      architecture: "x64",
      system: "linux",
      libc: { name: "glibc", version: "2.17" },
      needed: ["libm.so.6", "libc.so.6"],
    });
  });

  it("of one with packed relocations: glibc 2.36, which was the first to read them", () => {
    const file = elfFile({ needed: ["libc.so.6"], versions: ["GLIBC_2.17", "GLIBC_ABI_DT_RELR"] });
    const said = read(file);
    assert.deepEqual(said.kind === "elf" && said.libc, { name: "glibc", version: "2.36" });
  });

  it("of one for musl: musl, by its interpreter or its library", () => {
    const files = [
      elfFile({ interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libc.musl-x86_64.so.1"] }),
      elfFile({ needed: ["libc.musl-x86_64.so.1"] }),
      elfFile({ needed: ["libc.so"] }),
    ];
    for (const file of files) {
      const said = read(file);
      assert.deepEqual(said.kind === "elf" && said.libc, { name: "musl" });
    }
  });

  it("of a static one: nothing but its processor", () => {
    assert.deepEqual(read(elfFile({ machine: 183 })), { kind: "elf", architecture: "arm64", needed: [] });
  });

  it("is the same in both classes and both orders of bytes", () => {
    for (const is64 of [true, false]) {
      for (const littleEndian of [true, false]) {
        const file = elfFile({
          is64,
          littleEndian,
          machine: 40,
          needed: ["libc.so.6"],
          versions: ["GLIBC_2.28"],
        });
        const said = read(file);
        assert.deepEqual(
          said.kind === "elf" && [said.architecture, said.libc?.version, ...said.needed],
          ["arm", "2.28", "libc.so.6"],
          `${is64} ${littleEndian}`,
        );
      }
    }
  });

  it("of a Mach-O file: its processors, each with the oldest macOS", () => {
    const thin = (minimum: number): Buffer =>
      machOFile({ processor: ARM64, build: { platform: 1, minimum } });
    assert.deepEqual(read(thin(0x000c0301)), {
      kind: "mach-o",
      slices: [{ architecture: "arm64", macos: "12.3.1" }],
    });
    for (const wide of [false, true]) {
      const fat = fatFile(
        [
          { processor: X64, bytes: machOFile({ processor: X64, oldMinimum: 0x000a0f00 }) },
          { processor: ARM64, bytes: thin(0x000b0000) },
        ],
        wide,
      );
      assert.deepEqual(read(fat), {
        kind: "mach-o",
        slices: [
          { architecture: "x64", macos: "10.15" },
          { architecture: "arm64", macos: "11.0" },
        ],
      });
    }
    const phone = read(machOFile({ processor: ARM64, build: { platform: 2, minimum: 0x000f0000 } }));
    assert.deepEqual(phone, { kind: "mach-o", slices: [{ architecture: "arm64", otherSystem: true }] });
  });

  it("of a PE file: its processor and the first build of the oldest Windows", () => {
    assert.deepEqual(read(peFile(0x8664, [6, 1])), { kind: "pe", architecture: "x64", windowsBuild: 7600 });
    assert.deepEqual(read(peFile(0xaa64, [10, 0])), {
      kind: "pe",
      architecture: "arm64",
      windowsBuild: 10240,
    });
    assert.deepEqual(read(peFile(0x14c, [5, 1])), { kind: "pe", architecture: "ia32" });
  });

  it("of a script, a Java class, text and nothing: no more than that", () => {
    assert.deepEqual(read(Buffer.from("#!/bin/sh\n")), { kind: "script" });
    assert.deepEqual(read(Buffer.from("cafebabe00000037", "hex")), { kind: "unknown" });
    assert.deepEqual(read(Buffer.from("MZ is how this text begins".padEnd(200))), {
      kind: "broken",
      form: "PE",
      why: "a header points beyond the end of the file",
    });
    for (const text of ["", "x", "ELF", "\x7fEL"])
      assert.deepEqual(read(Buffer.from(text)), { kind: "unknown" });
  });
});

describe("a hostile or truncated file", () => {
  it("cut anywhere is never read beyond its end, and never said to be what it was", () => {
    for (const sample of SAMPLES) {
      const whole = read(sample);
      for (let length = 0; length < sample.length; length++) {
        const said = read(sample.subarray(0, length));
        if (said.kind === whole.kind) assert.deepEqual(said, whole, `${length} bytes`);
      }
    }
  });

  it("with any bytes changed is read to an end, or said to be broken", () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        (sample, changes) => {
          const bytes = Buffer.from(sample);
          // Headers are at the beginning; half of the changes go there.
          for (const [index, [place, value]] of changes.entries()) {
            const span = index % 2 === 0 ? Math.min(bytes.length, 256) : bytes.length;
            bytes[Math.floor(place * (span - 1))] = value;
          }
          read(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("with one bit flipped anywhere is read to an end, or said to be broken", () => {
    for (const sample of SAMPLES) {
      for (let bit = 0; bit < Math.min(sample.length, 1024) * 8; bit++) {
        const bytes = Buffer.from(sample);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        read(bytes);
      }
    }
  });

  it("of chains that lead back or never end is left", () => {
    const file = elfFile({ needed: ["libc.so.6"], versions: ["GLIBC_2.17"] });
    // The count of libraries whose symbols are needed: DT_VERNEEDNUM, beside its tag.
    const tag = Buffer.from("ffffff6f00000000", "hex");
    const at = file.indexOf(tag) + 8;
    file.writeUInt32LE(0x7fffffff, at);
    const said = read(file);
    assert.equal(said.kind, "broken");
  });

  it("of random bytes after a known beginning is read to an end", () => {
    const begin = fc.constantFrom(
      "7f454c46020101",
      "7f454c46010201",
      "cafebabe00000002",
      "cffaedfe0c000001",
      "4d5a",
    );
    fc.assert(
      fc.property(begin, fc.uint8Array({ maxLength: 600 }), (head, rest) => {
        read(Buffer.concat([Buffer.from(head, "hex"), rest]));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("the executables of this machine", needsReadelf, () => {
  const files = [
    process.execPath,
    "/bin/sh",
    `${execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim()}/git`,
  ];
  for (const file of files.map((path) => realpathSync(path))) {
    it(`are read as readelf reads them: ${file}`, () => {
      const said = withFileBytes(file, readExecutable);
      assert.ok(said.kind === "elf");
      const readelf = (flag: string): string =>
        execFileSync("readelf", ["-W", flag, file], { encoding: "utf8" });
      const [, needs = ""] = readelf("-V").split("Version needs section");
      const versions = [...needs.matchAll(/Name: GLIBC_([0-9.]+) .*Flags: none/g)].map(
        ([, version = ""]) => version,
      );
      const newest = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
      assert.equal(said.libc?.version, newest);
      const needed = [...readelf("-d").matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
      assert.deepEqual(said.needed, needed);
    });
  }

  it("are cut off without a crash, the largest too", () => {
    const begin = readFileSync(process.execPath).subarray(0, 2 * 1024 * 1024);
    for (let length = 0; length < 4096; length += 7) read(begin.subarray(0, length));
    read(begin);
  });
});
