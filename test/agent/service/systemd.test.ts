import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../support/wait-until.ts";
import { startSystemd } from "./real-systemd.ts";

const CLI = join(import.meta.dirname, "restart-cli.ts");

test("a real systemd restarts a service for us, from outside and from within, and one that ends straight away is told", async (t) => {
  if (process.platform !== "linux" || process.geteuid?.() !== 0 || !existsSync("/usr/lib/systemd/systemd")) {
    return t.skip("this test runs a systemd of its own, which takes root and systemd");
  }
  const folder = mkdtempSync(join(tmpdir(), "fairlead-units-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const unit = (name: string, command: string, more = "") =>
    writeFileSync(
      join(folder, `${name}.service`),
      `[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=${command}\n${more}`,
    );
  const log = join(folder, "starts");
  unit("sysinit-lantern", "/bin/sleep infinity");
  unit("lantern", `/bin/sh -c 'echo start >> ${log}; exec sleep infinity'`);
  unit("brief", "/bin/true", "Restart=no\n");
  // Restarts its own unit, as an updater does that is part of the product's service.
  unit(
    "inner",
    `/bin/sh -c 'echo inner >> ${log}; [ -e ${folder}/done ] || { touch ${folder}/done; ${process.execPath} ${CLI} inner > ${folder}/words; }; exec sleep infinity'`,
  );
  const systemd = await startSystemd(t, folder);
  if (systemd === undefined) return t.skip("a systemd cannot be started in namespaces here");
  const starts = (what: string) =>
    (existsSync(log) ? readFileSync(log, "utf8") : "").split("\n").filter((line) => line === what).length;

  const outside = await systemd.run(process.execPath, CLI, "lantern");
  assert.deepEqual([outside.stdout, starts("start")], ["ours: false\nrestarted\n", 1], outside.stderr);
  const again = await systemd.run(process.execPath, CLI, "lantern");
  assert.deepEqual([again.stdout, starts("start")], ["ours: false\nrestarted\n", 2]);
  const brief = await systemd.run(process.execPath, CLI, "brief");
  assert.equal(brief.stdout, "ours: false\ninstall/restart-failed\n");
  const none = await systemd.run(process.execPath, CLI, "nobody");
  assert.equal(
    none.stdout,
    "ours: false\ninstall/service-manager-failed\n",
    "it says nothing of what is installed",
  );

  await systemd.run("systemctl", "start", "inner");
  await waitUntil("the inner unit to be started twice", () => (starts("inner") === 2 ? true : undefined));
  assert.equal(
    readFileSync(join(folder, "words"), "utf8"),
    "ours: true\n",
    "it was ended by what it asked for",
  );
});
