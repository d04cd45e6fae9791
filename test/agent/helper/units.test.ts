import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { stringify } from "yaml";
import { AGENT, run } from "../../support/run-command.ts";
import { whyNoHelper } from "./helped-machine.ts";

const missing = await whyNoHelper();
const HAS_ANALYZE = spawnSync("systemd-analyze", ["--version"]).status === 0;

test("the helper prints the unit that runs it, which shuts nothing for the scripts of packages", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const folder = mkdtempSync(join(tmpdir(), "fairlead helper "));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const print = async (product: object, manager: string) => {
    const config = join(folder, "helper.yaml");
    writeFileSync(
      config,
      stringify({
        schemaVersion: 1,
        user: "0",
        root: join(folder, "root.json"),
        products: { lantern: product },
      }),
    );
    return run(process.execPath, [AGENT, "helper", "--config", config, "--print", manager]);
  };
  const binary = await print({ install_path: "/opt/lantern" }, "systemd");
  assert.equal(binary.code, 0, binary.stderr);
  assert.match(binary.stdout, /^RestrictAddressFamilies=AF_UNIX$/m);
  assert.match(binary.stdout, /^ExecStart=.* helper --config ".*fairlead helper .*\/helper\.yaml"$/m);
  const deb = await print({ install_path: "/opt/lantern", format: "deb", package: "lantern" }, "systemd");
  assert.doesNotMatch(deb.stdout, /RestrictAddressFamilies|ProtectHome/);
  const plist = await print({ install_path: "/opt/lantern" }, "launchd");
  assert.match(plist.stdout, /<string>--config<\/string>\n +<string>.*helper\.yaml<\/string>/);
  assert.equal((await print({ install_path: "/opt/lantern" }, "upstart")).code, 2);
  for (const [product, why] of [
    [{ install_path: "/opt/lantern", format: "deb" }, /products\.lantern\.package is missing/],
    [{ install_path: "/opt/lantern", format: "archive" }, /products\.lantern\.executable is missing/],
  ] as const) {
    const refused = await print(product, "systemd");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error\[helper\/bad-config\]/);
    assert.match(refused.stderr, why);
  }
  if (!HAS_ANALYZE) return;
  for (const { stdout } of [binary, deb]) {
    const unit = join(folder, "fairlead-helper.service");
    writeFileSync(unit, stdout);
    const { code, stderr } = await run("systemd-analyze", ["verify", "--man=no", unit]);
    const ours = stderr.split("\n").filter((line) => line.includes("fairlead-helper"));
    assert.deepEqual([code, ours], [0, []], stderr);
  }
});
