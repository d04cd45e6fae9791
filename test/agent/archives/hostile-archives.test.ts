import assert from "node:assert/strict";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ARCHIVE_LIMITS } from "../../../agent/formats/archive/archive-entry.ts";
import { unpackArchive } from "../../../agent/formats/archive/unpack-archive.ts";
import { InstallError, speaksAgainst } from "../../../agent/installation/install-error.ts";
import { runOk } from "../../support/run-command.ts";
import { archiveMachine, lantern, pack, temporaryFolder } from "./archive-machine.ts";

const MAKER = new URL("hostile-archives.py", import.meta.url).pathname;

/** What each is refused for. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  "tar-climbs": /leads out of its folder/,
  "tar-climbs-inside": /leads out of its folder/,
  "tar-absolute": /absolute name/,
  "tar-backslash": /backslash/,
  "tar-link-out": /link that leads out/,
  "tar-link-absolute": /link that leads out/,
  "tar-link-chain-out": /link that leads out/,
  "tar-through-link": /which is no folder/,
  "tar-hard-link": /hard link/,
  "tar-hard-link-out": /hard link/,
  "tar-character-device": /device or a pipe/,
  "tar-pipe": /device or a pipe/,
  "tar-set-user-id": /set-user-id/,
  "tar-set-group-id": /set-group-id/,
  "tar-twice": /in it twice/,
  "tar-case": /in case only/,
  "tar-file-below-file": /which is no folder/,
  "tar-newline-in-name": /control character/,
  "tar-note-of-the-agent": /the agent's own/,
  "tar-bomb": /bomb/,
  "tar-deep": /folders deep/,
  "tar-long-part": /longer name/,
  "tar-many": /too many entries/,
  "tar-no-program": /no program/,
  "tar-truncated": /breaks off/,
  "tar-goes-on": /goes on after its end/,
  "tar-bad-checksum": /damaged header/,
  "tar-global-path": /global header/,
  "gzip-damaged": /cannot be decompressed/,
  "gzip-cut": /cannot be decompressed/,
  "not-an-archive": /none that is known here/,
  "zip-climbs": /leads out of its folder/,
  "zip-absolute": /absolute name/,
  "zip-link-out": /link that leads out/,
  "zip-pipe": /device or a pipe/,
  "zip-set-user-id": /set-user-id/,
  "zip-case": /in case only/,
  "zip-bomb": /bomb/,
  "zip-encrypted": /encrypted/,
  "zip-other-local-name": /described differently/,
  "zip-says-less": /more than the 4 bytes/,
  "zip-bad-checksum": /another checksum/,
  "zip-shared-bytes": /shares its bytes/,
  "zip-two-ends": /does not end where it says/,
  "zip-prepended": /does not end where it says/,
  "zip-cut": /no directory at its end/,
  "zip-bzip2": /method 12/,
};

test("every hostile archive is refused before a byte of it is written, and speaks against its build", async (t) => {
  const folder = temporaryFolder(t);
  await runOk("python3", [MAKER, folder]);
  const names = readdirSync(folder);
  assert.deepEqual(names.toSorted(), Object.keys(EXPECTED).toSorted());
  for (const name of names) {
    const archive = join(folder, name);
    const descriptor = openSync(archive, "r");
    try {
      const unpacked = join(folder, `${name}.unpacked`);
      const refused = unpackArchive(descriptor, {
        folder: unpacked,
        executable: "bin/lantern",
        limits: ARCHIVE_LIMITS,
      });
      await assert.rejects(refused, (error) => {
        assert.ok(error instanceof InstallError, `${name}: ${error}`);
        assert.equal(error.code, "install/bad-archive", `${name}: ${error.message}`);
        assert.match(error.message, EXPECTED[name] ?? /never/, name);
        return speaksAgainst(error.code) === "the build";
      });
      assert.ok(!existsSync(unpacked), `${name} left something`);
    } finally {
      closeSync(descriptor);
    }
  }
});

test("a machine that is sent a hostile archive keeps what it runs, blocks the version and keeps the file", async (t) => {
  const { updateTo, running, status, broken, versions, leftovers } = await archiveMachine(
    t,
    await pack(t, lantern("1.0.0"), "tar.zst"),
  );
  const folder = temporaryFolder(t);
  await runOk("python3", [MAKER, folder]);
  const update = await updateTo("1.1.0", readFileSync(join(folder, "tar-climbs")));
  assert.equal(update.code, 1);
  assert.match(update.stderr, /^error\[install\/bad-archive\]: the archive has "?`?\.\.\/evil/m);
  assert.equal(await running(), "lantern 1.0.0");
  assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.1.0"]);
  assert.deepEqual([broken().length, versions().length, leftovers()], [1, 1, []]);
});

test("links that stay inside, long names and large numbers of headers are unpacked as tar unpacks them", async (t) => {
  const folder = temporaryFolder(t);
  const long = `${"long/".repeat(20)}${"n".repeat(200)}`;
  for (const form of ["pax", "gnu", "ustar"]) {
    const content = join(folder, `content-${form}`);
    const unpacked = join(folder, `unpacked-${form}`);
    const deep = form === "ustar" ? "deep/er" : long;
    await runOk("sh", [
      "-ec",
      `mkdir -p "$1/bin" "$1/lib" "$1/$(dirname "$2")" "$1/empty"
       printf '#!/bin/sh\n' > "$1/bin/lantern"; chmod 755 "$1/bin/lantern"
       head -c 300000 /dev/urandom > "$1/lib/liblantern.so.1.2"; : > "$1/lib/nothing"
       ln -s liblantern.so.1.2 "$1/lib/liblantern.so"; ln -s ../lib "$1/bin/lib"; echo deep > "$1/$2"
       tar --zstd --format=$4 -cf "$3" -C "$1" .`,
      "sh",
      ...[content, deep, join(folder, `${form}.tar.zst`), form],
    ]);
    const descriptor = openSync(join(folder, `${form}.tar.zst`), "r");
    await unpackArchive(descriptor, { folder: unpacked, executable: "bin/lantern", limits: ARCHIVE_LIMITS });
    closeSync(descriptor);
    await runOk("diff", ["-r", "--no-dereference", "-x", ".fairlead-files.json", content, unpacked]);
    assert.ok(statSync(join(unpacked, "empty")).isDirectory());
  }
});

test("a zip that was packed as a stream, with zip64 numbers and with stored files is unpacked", async (t) => {
  const folder = temporaryFolder(t);
  const archive = join(folder, "made.zip");
  const script = `
import sys, zipfile
class Pipe:
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with open(sys.argv[1], "wb") as file, zipfile.ZipFile(Pipe(file), "w") as made:
    with made.open(zipfile.ZipInfo("bin/lantern"), "w", force_zip64=True) as entry: entry.write(b"#!/bin/sh\\n")
    info = zipfile.ZipInfo("share/\\u00fcber.txt"); info.compress_type = zipfile.ZIP_DEFLATED
    with made.open(info, "w") as entry: entry.write(b"text" * 10000)
    made.writestr(zipfile.ZipInfo("empty/"), b"")
`;
  await runOk("python3", ["-c", script, archive]);
  const descriptor = openSync(archive, "r");
  const unpacked = join(folder, "unpacked");
  await unpackArchive(descriptor, { folder: unpacked, executable: "bin/lantern", limits: ARCHIVE_LIMITS });
  closeSync(descriptor);
  assert.deepEqual(readdirSync(unpacked).sort(), [".fairlead-files.json", "bin", "empty", "share"]);
  assert.equal(readFileSync(join(unpacked, "share", "über.txt"), "utf8"), "text".repeat(10_000));
  assert.equal(statSync(join(unpacked, "bin", "lantern")).mode & 0o777, 0o555, "the program can be run");
});

test("an archive is unpacked in little memory, however large its files are", async (t) => {
  const folder = temporaryFolder(t);
  await runOk("sh", [
    "-ec",
    `mkdir -p "$1/c/bin"; printf '#!/bin/sh\n' > "$1/c/bin/lantern"; head -c 256M /dev/urandom > "$1/c/large"
     tar --zstd -cf "$1/large.tar.zst" -C "$1/c" .; rm "$1/c/large"`,
    "sh",
    folder,
  ]);
  const script = `
import { openSync } from "node:fs";
import { unpackArchive } from ${JSON.stringify(new URL("../../../agent/formats/archive/unpack-archive.ts", import.meta.url).href)};
import { ARCHIVE_LIMITS } from ${JSON.stringify(new URL("../../../agent/formats/archive/archive-entry.ts", import.meta.url).href)};
const before = process.resourceUsage().maxRSS;
await unpackArchive(openSync(process.argv[1], "r"), { folder: process.argv[2], executable: "bin/lantern", limits: ARCHIVE_LIMITS });
console.log(process.resourceUsage().maxRSS - before);
`;
  const grown = await runOk(process.execPath, [
    ...["--input-type=module", "-e", script],
    ...[join(folder, "large.tar.zst"), join(folder, "unpacked")],
  ]);
  // Buffers that are done with go when V8 comes to it; all of them together would be 256 MB.
  assert.ok(Number(grown) < 150_000, `${grown.trim()} kB more`);
});
