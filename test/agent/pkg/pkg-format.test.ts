import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SystemMacPackages } from "../../../agent/formats/pkg/mac-packages.ts";
import { PkgFormat } from "../../../agent/formats/pkg/pkg-format.ts";
import type { Build } from "../../../agent/installation/build.ts";
import { sha256Hex } from "../../../protocol/digest.ts";

/** Stands in for macOS: a package is a script that prints its version, the receipt a file. */
const INSTALLER = `#!/bin/sh
cd "$(dirname "$0")"
[ "$1" = -pkginfo ] && { head -n 1 "$3" | grep -q '^#!/bin/sh$'; exit; }
echo "$*" >> installs
[ -e refuse ] && { cp "$2" bin-lantern; rm refuse; echo "installer: the upgrade failed" >&2; exit 1; }
cp "$2" bin-lantern && chmod 755 bin-lantern
version=$(sh "$2" --version)
echo $(( $(cat clock) + 1 )) > clock
printf 'package-id: com.acme.lantern\\nversion: %s\\nvolume: /\\nlocation: /\\ninstall-time: %s\\n' "\${version#lantern }" "$(cat clock)" > receipt
`;
const PKGUTIL = `#!/bin/sh
cd "$(dirname "$0")"
[ "$2" = com.acme.lantern ] && [ -e receipt ] && exec cat receipt
exit 1
`;

function pkg(version: string): { build: Build; bytes: Buffer } {
  const bytes = Buffer.from(`#!/bin/sh\necho "lantern ${version}"\n`);
  return { build: { version, id: sha256Hex(bytes) }, bytes };
}

function mac(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-mac-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const tools = { installer: join(folder, "installer"), pkgutil: join(folder, "pkgutil") };
  writeFileSync(tools.installer, INSTALLER);
  writeFileSync(tools.pkgutil, PKGUTIL);
  for (const path of Object.values(tools)) chmodSync(path, 0o755);
  writeFileSync(join(folder, "clock"), "1700000000");
  const installPath = join(folder, "bin-lantern");
  const format = new PkgFormat(
    {
      installPath,
      selfTest: { command: ["{path}", "--version"], seconds: 10 },
      package: { name: "com.acme.lantern" },
    },
    new SystemMacPackages(tools.installer, tools.pkgutil),
  );
  format.staging.open();
  const install = async ({ build, bytes }: ReturnType<typeof pkg>, from?: Build) => {
    writeFileSync(format.staging.staged(build), bytes);
    await format.stage(build, "download");
    await format.prove(build, "staged", {});
    if (from !== undefined) await format.keep(from);
    await format.swap(build);
    await format.prove(build, "installed", {});
  };
  return { folder, format, install, program: installPath };
}

test("a package is put in by the installer, known again by its receipt, and the one before put back", async (t) => {
  const { folder, format, install, program } = mac(t);
  const [one, two] = [pkg("1.0.0"), pkg("1.1.0")];
  assert.equal(await format.installed(), undefined);
  await install(one);
  assert.equal((await format.installed())?.id, one.build.id);
  await install(two, one.build);
  assert.equal((await format.installed())?.id, two.build.id);
  assert.equal(await format.restore(two.build, one.build), true);
  assert.equal((await format.installed())?.id, one.build.id);
  assert.equal(await format.restore(two.build, one.build), false, "asked again, there is nothing to do");
  assert.ok(readFileSync(program).equals(one.bytes));
  const last = readFileSync(join(folder, "installs"), "utf8").trim().split("\n").at(-1);
  assert.equal(last, `-pkg ${format.staging.kept(one.build)} -target /`);
  await format.sweep({ previous: two.build, installed: one.build });
  assert.deepEqual(
    [existsSync(format.staging.kept(one.build)), existsSync(format.staging.kept(two.build))],
    [true, true],
  );
});

test("an installer that fails half-way leaves the current version, put in once more", async (t) => {
  const { folder, format, install, program } = mac(t);
  const [one, two] = [pkg("1.0.0"), pkg("1.1.0")];
  await install(one);
  writeFileSync(join(folder, "refuse"), "");
  await assert.rejects(install(two, one.build), {
    code: "install/installer-failed",
    log: "installer: the upgrade failed",
  });
  assert.equal((await format.installed())?.id, one.build.id);
  assert.ok(readFileSync(program).equals(one.bytes));
});

test("a damaged package is found before it is put in, and one that somebody else put in is not taken for ours", async (t) => {
  const { folder, format, install } = mac(t);
  const damaged = Buffer.from("no package");
  const build = { version: "1.0.0", id: sha256Hex(damaged) };
  await assert.rejects(install({ build, bytes: damaged }), { code: "install/self-test-failed" });
  assert.equal(existsSync(join(folder, "installs")), false);
  await install(pkg("1.0.0"));
  const receipt = join(folder, "receipt");
  writeFileSync(
    receipt,
    readFileSync(receipt, "utf8").replace(/install-time: \d+/, "install-time: 1800000000"),
  );
  assert.equal((await format.installed())?.id, "unknown-1.0.0-1800000000");
  assert.equal(await format.tellVersion(), "1.0.0");
});
