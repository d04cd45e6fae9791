import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { lookAtUnit } from "../../../agent/doctor/look-at-unit.ts";
import { installService, removeService } from "../../../agent/service/install-service.ts";
import { defineService, type ServiceSpec } from "../../../agent/service/service-definition.ts";
import { run } from "../../support/run-command.ts";
import { enrolledMachine } from "../enrolled-machine.ts";

const SPEC: ServiceSpec = {
  name: "fairlead-agent",
  command: ["/bin/sh", "-c", 'echo "100 % of $HOME"', "run", "--home", "/var/lib/a b"],
  products: ["lantern"],
  writable: ["/var/lib/a b", "/opt/lantern"],
  confined: true,
};

const HAS_ANALYZE = spawnSync("systemd-analyze", ["--version"]).status === 0;

test("systemd finds nothing wrong with the unit, also with blanks and percent signs in it", {
  skip: HAS_ANALYZE ? false : "there is no systemd-analyze",
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-unit-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const spec of [SPEC, { ...SPEC, confined: false }, { ...SPEC, user: "root" }]) {
    const unit = join(folder, "fairlead-agent.service");
    writeFileSync(unit, defineService("systemd", spec).text);
    const { code, stderr } = await run("systemd-analyze", ["verify", "--man=no", unit]);
    const ours = stderr.split("\n").filter((line) => line.includes("fairlead-agent"));
    assert.deepEqual([code, ours], [0, []], stderr);
  }
});

test("the unit lets the agent write where it has to and nowhere else, and shuts nothing for a package manager", () => {
  const { text } = defineService("systemd", SPEC);
  assert.equal(lookAtUnit("a", text, SPEC.writable).result, "fine");
  assert.equal(lookAtUnit("a", text, ["/etc"]).result, "problem");
  const open = defineService("systemd", { ...SPEC, confined: false }).text;
  assert.equal(lookAtUnit("a", open, ["/etc", "/usr"]).result, "fine");
  assert.match(text, /^ExecStart=.*"echo \\"100 %% of \$\$HOME\\"" run --home "\/var\/lib\/a b"$/m);
});

test("the definitions of launchd and Windows are well-formed, whatever is in a path", (t) => {
  const python = "import sys, xml.dom.minidom; xml.dom.minidom.parseString(sys.stdin.buffer.read())";
  if (spawnSync("python3", ["-c", "import xml.dom.minidom"]).status !== 0) {
    t.skip("there is no python3");
    return;
  }
  const spec = { ...SPEC, command: ["/opt/<a>&'b'/\"c\"", "--x"], writable: ["C:\\a b"] };
  for (const manager of ["launchd", "windows"] as const) {
    const { text } = defineService(manager, spec);
    const { status, stderr } = spawnSync("python3", ["-c", python], { input: text, encoding: "utf8" });
    assert.equal(status, 0, `${manager}: ${stderr}`);
  }
});

test("installing writes, then starts; removing stops, then forgets; a refusal of the manager is told", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-root-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const definition = { ...defineService("systemd", SPEC), path: join(root, "a.service") };
  const asked: string[] = [];
  const answering = (code: number) => ({
    run: async (argv: readonly string[]) => {
      asked.push(`${argv.join(" ")}${existsSync(definition.path) ? "" : " (no file)"}`);
      return { kind: "exited", code, signal: null, stdout: "", stderr: "Access denied\n" } as const;
    },
  });
  await installService(definition, answering(0));
  await removeService(definition, answering(0));
  assert.deepEqual(asked, [
    "systemctl daemon-reload",
    "systemctl enable fairlead-agent.service",
    "systemctl restart fairlead-agent.service",
    "systemctl disable --now fairlead-agent.service",
    "systemctl daemon-reload (no file)",
  ]);
  await assert.rejects(
    installService(definition, answering(1)),
    /systemctl daemon-reload`: exit code 1: Access denied/,
  );
  writeFileSync(definition.path, "[Unit]\n");
  await assert.rejects(installService(definition, answering(0)), { code: "service/unwritable" });
  await assert.rejects(removeService(definition, answering(0)), { code: "service/not-installed" });
});

test("the command writes a unit that starts this very agent, into an image too, and takes it away again", async (t) => {
  const { machine } = await enrolledMachine(t);
  const root = join(machine.directory, "image");
  const unit = join(root, "etc", "systemd", "system", "lantern.service");
  const service = (action: string) => machine.agent("service", action, "--root", root, "--name", "lantern");
  assert.equal((await service("show")).code, 1);
  assert.equal((await service("install")).code, 0);
  const text = readFileSync(unit, "utf8");
  assert.ok(text.includes(`agent/main.ts run --home ${machine.home} --log json`), text);
  assert.ok(text.includes(`ReadWritePaths=${machine.home} ${join(machine.directory, "bin")}`), text);
  assert.equal(
    (await machine.agent("service", "install", "--print", "--name", "lantern", "--manager", "systemd"))
      .stdout,
    text,
  );
  assert.equal((await service("show")).code, 0);
  assert.equal((await service("remove")).code, 0);
  assert.ok(!existsSync(unit));
  const again = await service("remove");
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^error\[service\/not-installed\]/);
});
