import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";

/** A man in the middle who changes one bit of what `spoils` picks, and asks for nothing compressed. */
class SpoilingProxy {
  spoils: (path: string) => boolean = () => false;
  position = 0.5;
  spoiled = 0;
  url = "";

  static async start(t: TestContext, upstream: string): Promise<SpoilingProxy> {
    const proxy = new SpoilingProxy();
    const server = createServer(async (request, response) => {
      const path = request.url ?? "/";
      const answer = await fetch(upstream + path, { headers: { "accept-encoding": "identity" } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 200 && bytes.length > 0 && proxy.spoils(path)) {
        const at = Math.min(bytes.length - 1, Math.floor(bytes.length * proxy.position));
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        proxy.spoiled++;
      }
      response.writeHead(answer.status, { "content-length": bytes.length }).end(bytes);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return proxy;
  }
}

test("one flipped byte in any file on the way is refused and leaves the machine as it was", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const proxy = await SpoilingProxy.start(t, controller.url);
  const machine = await AgentMachine.create(t);
  await machine.enroll(proxy.url, await controller.rootFingerprint());
  assert.equal((await machine.agent("update")).code, 0);

  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await controller.serves(await state.commit("promote 1.1.0"));

  const known = join(machine.directory, "known");
  await cp(machine.home, known, { recursive: true });
  const kinds: Record<string, (path: string) => boolean> = {
    timestamp: (path) => path.endsWith("/timestamp.json"),
    snapshot: (path) => path.endsWith(".snapshot.json"),
    releases: (path) => path.endsWith(".releases-lantern.json"),
    policy: (path) => path.endsWith(".policy.json"),
    "policy document": (path) => path.includes("/policy/product/"),
    artifact: (path) => path.includes("/releases/lantern/"),
  };
  for (const [kind, spoils] of Object.entries(kinds)) {
    proxy.spoils = spoils;
    proxy.spoiled = 0;
    for (const position of [0.1, 0.6]) {
      // Each attempt begins with what the machine knew before, so that every file is on the way again.
      await rm(machine.home, { recursive: true });
      await cp(known, machine.home, { recursive: true });
      proxy.position = position;
      const refused = await machine.agent("update");
      assert.equal(refused.code, 1, `${kind}: ${refused.stdout}${refused.stderr}`);
      assert.equal(await machine.installedVersion(), "1.0.0", kind);
    }
    assert.ok(proxy.spoiled > 0, `${kind} was never on the way`);
  }

  proxy.spoils = () => false;
  const healthy = await machine.agent("update");
  assert.equal(healthy.code, 0, healthy.stdout + healthy.stderr);
  assert.equal(await machine.installedVersion(), "1.1.0");
});

test("one flipped byte in what a new machine reads first is refused", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const proxy = await SpoilingProxy.start(t, controller.url);
  const fingerprint = await controller.rootFingerprint();
  const machine = await AgentMachine.create(t);

  proxy.spoils = (path) => path.endsWith("/1.root.json");
  await assert.rejects(machine.enroll(proxy.url, fingerprint), /root/);

  // Enrolling looks into the manifest already; that it cannot be had keeps nobody from it.
  proxy.spoils = (path) => path.endsWith(".targets.json");
  await machine.enroll(proxy.url, fingerprint);
  const refused = await machine.agent("update");
  assert.equal(refused.code, 1, refused.stdout + refused.stderr);
  assert.equal(await machine.installedVersion(), undefined);
});
