import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { Updater } from "tuf-js";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { readKeyFile } from "../../controller/keys/key-file.ts";
import { findTenantKeys } from "../../controller/keys/naming-secret.ts";
import { exportState } from "../../controller/serve/export-state.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { temporaryFolder } from "./sample-publisher.ts";

const NOW = Math.floor(Date.now() / 1000);

/** A production controller over a real repository, and two clients of what it publishes. */
async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const made = await fairlead(["keys", "init"], { cwd: state.directory });
  assert.equal(made.code, 0, made.stderr);
  const stateFolder = join(temporaryFolder(t), "state");
  let now = NOW;
  const publish = async (): Promise<string[]> => {
    now += 60;
    await exportState({
      source: {
        location: { kind: "local", folder: state.directory },
        ref: "HEAD",
        path: "",
        mirrorsFolder: join(stateFolder, "mirrors"),
      },
      stateFolder,
      devKeys: false,
      onlineKeyFile: join(state.directory, "keys", "online.json"),
      signers: undefined,
      artifacts: { kind: "folder", folder: join(state.directory, "artifacts") },
      out,
      now,
    });
    const timestamp = JSON.parse(readFileSync(join(out, "tuf/timestamp.json"), "utf8"));
    const { version } = timestamp.signed.meta["snapshot.json"];
    const snapshot = JSON.parse(readFileSync(join(out, `tuf/${version}.snapshot.json`), "utf8"));
    return Object.keys(snapshot.signed.meta);
  };
  const out = join(temporaryFolder(t), "out");
  const fleet = async (count: number): Promise<void> => {
    rmSync(join(state.directory, "tenants"), { recursive: true, force: true });
    for (let number = 0; number < count; number++)
      await state.write(`tenants/t-${number}.yaml`, "channel: stable\n");
    await state.commit(`${count} tenants`);
  };
  return { state, stateFolder, out, publish, fleet };
}

/** An agent of ours and a client of another implementation that both remember what they saw. */
async function followers(t: TestContext, out: string, tenantKey: string) {
  const server = createServer((request, response) => {
    const file = join(out, decodeURIComponent(request.url ?? ""));
    const isThere = existsSync(file);
    response.writeHead(isThere ? 200 : 404).end(isThere ? readFileSync(file) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const root = readFileSync(join(out, "tuf/1.root.json"));
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "root.json"), root);
  const agent = TrustedRepository.open({
    directory: temporaryFolder(t),
    metadataUrl: new URL("tuf/", url),
    targetsUrl: new URL("targets/", url),
    now: () => NOW,
    fetch: fetchBytes,
  });
  agent.init(root);
  return async (): Promise<void> => {
    await agent.refresh();
    assert.equal((await agent.tenantPolicy({ name: "t-0", key: tenantKey })).tenant, "t-0");
    assert.equal((await agent.releases("lantern")).length, 1);
    const other = new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${url}tuf`,
      targetDir: folder,
      targetBaseUrl: `${url}targets`,
      config: { fetchRetries: 0 },
    });
    await other.refresh();
    assert.ok(await other.getTargetInfo("policy/product/lantern.json"));
  };
}

test("a controller that lost its manifest still lists the bins of a fleet that was larger before", async (t) => {
  const { stateFolder, out, publish, fleet } = await setUp(t);
  await fleet(257);
  await publish();
  const follow = await followers(t, out, findTenantKeys(stateFolder)("t-0"));
  await follow();

  await fleet(3);
  rmSync(join(stateFolder, "manifest"), { recursive: true });
  const listed = await publish();
  assert.equal(listed.filter((name) => /^policy-.\.json$/.test(name)).length, 16);
  await follow();
});

test("so does one whose state folder came back from a backup that knew of no bins", async (t) => {
  const { stateFolder, out, publish, fleet } = await setUp(t);
  await fleet(3);
  await publish();
  const backup = join(temporaryFolder(t), "backup");
  cpSync(stateFolder, backup, { recursive: true });
  await fleet(257);
  await publish();
  const follow = await followers(t, out, findTenantKeys(stateFolder)("t-0"));
  await follow();

  await fleet(3);
  rmSync(stateFolder, { recursive: true });
  cpSync(backup, stateFolder, { recursive: true });
  await publish();
  await follow();
});

test("a product that was removed keeps its role in the snapshot, and comes back as it was", async (t) => {
  const { state, stateFolder, out, publish, fleet } = await setUp(t);
  await fleet(1);
  await state.write("products/torch/product.yaml", "description: another\n");
  const targets = join(state.directory, "trust", "targets.json");
  const without = readFileSync(targets);
  assert.equal((await fairlead(["keys", "add-product", "torch"], { cwd: state.directory })).code, 0);
  const withTorch = readFileSync(targets);
  const index = join(state.directory, "trust", "releases", "torch.json");
  const indexBytes = readFileSync(index);
  await state.commit("add torch");
  await publish();
  const follow = await followers(t, out, findTenantKeys(stateFolder)("t-0"));
  await follow();

  const signer = readKeyFile(join(state.directory, "keys", "targets-1.json"), "targets");
  const signAgain = (role: Buffer): void => {
    const { signed } = JSON.parse(role.toString());
    const { version } = JSON.parse(readFileSync(targets, "utf8")).signed;
    writeFileSync(targets, signRole({ ...signed, version: version + 1 }, [signer]));
  };
  signAgain(without);
  rmSync(index);
  rmSync(join(state.directory, "products", "torch"), { recursive: true });
  await state.commit("remove torch");
  rmSync(join(stateFolder, "manifest"), { recursive: true });
  assert.ok((await publish()).includes("releases-torch.json"));
  await follow();

  signAgain(withTorch);
  writeFileSync(index, indexBytes);
  await state.write("products/torch/product.yaml", "description: another\n");
  await state.commit("torch is back");
  rmSync(join(stateFolder, "manifest"), { recursive: true });
  await publish();
  await follow();
});
