import { spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "../../../agent/agent.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { InstallError } from "../../../agent/installation/install-error.ts";
import { AGENT } from "../../support/run-command.ts";

/**
 * The agent as a service of Windows would run it, as far as its own update is concerned: it looks once `go` is there, and
 * leaves what only another process can do to the command that the recovery task runs. With `alone` that never comes.
 */
const [version = "", folder = ""] = process.argv.slice(2);
const home = join(folder, "agent");
const agent = await Agent.open(agentHome(home, {}), {
  leave: async () => {
    if (!existsSync(join(folder, "alone"))) {
      const recovery = [AGENT, "resume", "--wait", "2m", "--home", home];
      spawn(process.execPath, recovery, { detached: true, stdio: "ignore" }).unref();
    }
    process.exit();
  },
});
try {
  await agent.product().resume();
} catch (error) {
  // The recovery task is at work.
  if (!(error instanceof InstallError) || error.code !== "install/lock-held") throw error;
}
writeFileSync(join(folder, `up-${version}`), String(process.pid));
const go = join(folder, "go");
for (; ; await sleep(50)) {
  if (!existsSync(go)) continue;
  rmSync(go);
  await agent.product().update(true);
}
