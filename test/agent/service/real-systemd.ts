import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type CommandResult, killAndWait, run } from "../../support/run-command.ts";

/** A real systemd, as process 1 of namespaces of its own; it has a /run of its own and nothing of this machine's units. */
export interface RealSystemd {
  /** Runs a program beside it. */
  run(...argv: readonly string[]): Promise<CommandResult>;
}

/** Nothing that a system does at its start may be pulled in: systemd-tmpfiles would empty this machine's own /tmp. */
const SCRIPT = `mount -t tmpfs run /run && mkdir -p /run/systemd/system && cp "$1"/*.service /run/systemd/system &&
mount -t tmpfs etc /etc/systemd/system &&
for wanted in /usr/lib/systemd/system/*.wants /lib/systemd/system/*.wants; do mount -t tmpfs none "$wanted" || exit 1; done &&
for unit in systemd-tmpfiles-setup systemd-tmpfiles-clean systemd-tmpfiles-setup-dev; do
  ln -s /dev/null "/etc/systemd/system/$unit.service" || exit 1
done &&
exec /usr/lib/systemd/systemd --system --unit=sysinit-lantern.service --log-target=null`;

/** @param units folder of unit files; @returns `undefined` where none can be run */
export async function startSystemd(t: TestContext, units: string): Promise<RealSystemd | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-systemd-"));
  const outer = spawn(
    "unshare",
    ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", SCRIPT, "sh", units],
    { stdio: "ignore", detached: true },
  );
  outer.on("error", () => undefined);
  t.after(async () => {
    await killAndWait(outer, "SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  });
  const inside = async (...argv: readonly string[]): Promise<CommandResult> => {
    const children = await run("pgrep", ["-P", String(outer.pid)]);
    return run("timeout", ["-k", "1", "60", "nsenter", "-t", children.stdout.trim(), "-m", "-p", ...argv]);
  };
  for (let tries = 0; tries < 40; tries++) {
    const asked = await inside("systemctl", "list-units", "--no-pager").catch(() => undefined);
    if (asked?.code === 0) return { run: inside };
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (outer.exitCode !== null) return undefined;
  }
  return undefined;
}
