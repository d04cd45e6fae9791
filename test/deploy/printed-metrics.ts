import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ServeProcess, temporaryFolder } from "../serve/serve-process.ts";
import { fairlead } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";

/** What a running controller of a new fleet prints at `/metrics`, with everything switched on that has metrics. */
export async function printedMetrics(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const work = join(folder, "state");
  assert.equal((await fairlead(["init", work, "--product", "agent"])).code, 0);
  const config = join(folder, "fairlead.yaml");
  await writeFile(join(folder, "token"), "t0ken-of-the-forge\n");
  // Neither is ever reached: nothing happens that would be told before the metrics are read, and the address is private.
  await writeFile(
    config,
    `notify: [{name: ops, webhook: {url: "http://127.0.0.1:9/"}}]
commitStatus: {forge: gitea, repository: fleet/state, api: "http://127.0.0.1:9/api/v1", tokenFile: token}
repo: ${work}
stateDir: controller
onlineKey: ${join(work, "keys", "online.json")}
operatorListen: 127.0.0.1:0
`,
  );
  const serve = new ServeProcess(t, ["--config", config]);
  await serve.listening();
  const operators = await waitUntil("the operators", () => /operators ask at (\S+)/.exec(serve.output)?.[1]);
  assert.equal((await fetch(`${operators}/healthz`)).status, 200);
  const printed = await waitUntil("rollouts to be looked at", async () => {
    const text = await (await fetch(`${operators}/metrics`)).text();
    return text.includes("\nfairlead_rollout_state{") ? text : undefined;
  });
  // Before its folder goes, into which it would go on to write.
  await serve.stop("SIGKILL");
  return printed;
}

/** The lines of samples, without comments. */
export function samplesOf(printed: string): string[] {
  return printed.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
