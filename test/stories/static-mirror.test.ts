import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { type TestContext, test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

/** A file server that knows nothing of Fairlead: no conditional requests, no ranges, no types. */
async function serveFolder(t: TestContext, folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url ?? "/"));
    readFile(join(folder, path)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the exported folder behind a plain file server updates a machine as well", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const machine = await AgentMachine.create(t);
  const out = join(machine.directory, "mirror");
  const exportTo = () =>
    fairlead(["export", "--out", out, "--dev-keys", "--state-dir", join(machine.directory, "controller")], {
      cwd: state.directory,
    });

  const first = await exportTo();
  assert.equal(first.code, 0, first.stdout + first.stderr);
  const root = await readFile(join(out, "tuf", "1.root.json"));
  await machine.enroll(await serveFolder(t, out), createHash("sha256").update(root).digest("hex"));
  const installed = await machine.agent("update");
  assert.equal(installed.code, 0, installed.stdout + installed.stderr);
  assert.equal(await machine.installedVersion(), "1.0.0");

  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await state.commit("promote 1.1.0");
  assert.equal((await exportTo()).code, 0);
  await machine.agent("update");
  assert.equal(await machine.installedVersion(), "1.1.0");
});
