import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { callHelper } from "../../../agent/formats/through-helper/call-helper.ts";
import { InstallError } from "../../../agent/installation/install-error.ts";
import { sha256Hex } from "../../../protocol/digest.ts";
import { POLICY_ROLE, tenantPolicyPath } from "../../../protocol/manifest-names.ts";
import type { TenantPolicy } from "../../../protocol/policy.ts";
import { program, UpdateServer } from "../update-server.ts";
import { HelpedMachine, whyNoHelper } from "./helped-machine.ts";

const missing = await whyNoHelper();
const KEY = "7f".repeat(32);
/** What root has written into the helper's config about whose the machine is. */
const BY_ROOT = {
  ...{ tenant: "acme", tenant_key: KEY, site: "berlin", device: "d-7", labels: { ring: "early" } },
};
const PAUSED = { paused: { reason: "audit" } };

/**
 * A machine of acme's in Berlin, whose agent asks for 1.1.0 past its own decision.
 *
 * @param settings of the helper: by root's own word
 */
async function machineOfAcme(t: TestContext, settings: Partial<typeof BY_ROOT> = BY_ROOT) {
  const server = await UpdateServer.start(t);
  const publish = (policy: Partial<TenantPolicy>): void => {
    const whole: TenantPolicy = {
      ...{ kind: "tenant", schemaVersion: 1, tenant: "acme", sites: {}, groups: [], devices: {} },
      ...policy,
    };
    server.repository.addTarget(POLICY_ROLE, tenantPolicyPath(KEY), JSON.stringify(whole));
    server.publish();
  };
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  publish({});
  const machine = await HelpedMachine.start(t, server.repository.root(), undefined, settings);
  await machine.enroll(server.url, server.rootSha256, "tenant: acme", `tenant_key: ${KEY}`);
  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stderr + machine.helperOutput);
  const artifact = join(machine.directory, "given");
  const refresh = () => machine.agent("update", "--check");
  const ask = async (version: string): Promise<string> => {
    const helper = {
      ...{ socket: machine.socket, product: "lantern", staging: "" },
      metadata: join(machine.home, "trust"),
    };
    writeFileSync(artifact, program(version));
    try {
      await callHelper(
        helper,
        { do: "install", product: "lantern", version, origin: "download" },
        { artifact },
      );
      return "done";
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      return `${error.got}: ${error.message}`;
    }
  };
  return {
    ...{ server, machine, publish },
    ask: async (version: string) => {
      await refresh();
      return ask(version);
    },
    askAgain: ask,
  };
}

test("a pause of the tenant, its site, a group or the device holds for the helper too, whatever the agent says of itself", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, publish, ask } = await machineOfAcme(t);
  server.release("1.1.0", program("1.1.0"));
  const group = { name: "early", devices: [], match: { ring: ["early"] } };
  const pauses: readonly (readonly [string, Partial<TenantPolicy>])[] = [
    ["tenant acme", PAUSED],
    ["tenant acme", { products: { lantern: PAUSED } }],
    ["site acme/berlin", { sites: { berlin: PAUSED } }],
    ["group acme/early", { groups: [{ ...group, ...PAUSED }] }],
    ["device d-7", { devices: { "d-7": PAUSED } }],
  ];
  for (const [label, policy] of pauses) {
    publish(policy);
    assert.match(await ask("1.1.0"), new RegExp(`^helper/paused: .*${label} is paused.*audit`));
  }
  publish({ sites: { oslo: PAUSED }, devices: { "d-8": PAUSED } });
  assert.equal(machine.installed(), "1.0.0");
  assert.equal(await ask("1.1.0"), "done", "those of others do not");
});

test("a channel's pause holds where the machine may not choose its channel, and a withheld policy is no permission", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, publish, ask, askAgain } = await machineOfAcme(t);
  server.release("1.1.0", program("1.1.0"));
  server.release("1.2.0", program("1.2.0"));
  server.channel = PAUSED;
  publish({ localOverrides: "deny" });
  assert.match(await ask("1.1.0"), /^helper\/paused: .*channel lantern\/stable is paused/);
  publish({});
  assert.equal(
    await ask("1.1.0"),
    "done",
    "else it may follow another one, for all that the helper can tell",
  );

  publish(PAUSED);
  await machine.agent("update", "--check");
  rmSync(join(machine.home, "trust", `document-${sha256Hex(tenantPolicyPath(KEY))}`), { force: true });
  assert.match(
    await askAgain("1.2.0"),
    /policy\/tenant\//,
    "the agent says that it has no policy of the tenant",
  );
  assert.equal(machine.installed(), "1.1.0");
});

test("where the fleet holds devices without a tenant, one that root has named none for stays, whatever tenant the agent names", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  for (const [settings, answer] of [
    [{}, /^helper\/unknown-device: .*root has named none/],
    [BY_ROOT, /^done$/],
  ] as const) {
    const { server, machine, publish, ask } = await machineOfAcme(t, settings);
    server.release("1.1.0", program("1.1.0"));
    server.fleet = { unknownDevices: "hold" };
    server.promote("1.0.0");
    publish({});
    assert.match(await ask("1.1.0"), answer);
    assert.equal(machine.installed(), settings === BY_ROOT ? "1.1.0" : "1.0.0");
  }
});

test("what a release requires is held against what the helper reads of the machine itself", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, publish, ask } = await machineOfAcme(t);
  const requires = (kernel: string) => ({ requires: { kernel }, critical: ["requires"] });
  server.release("1.1.0", program("1.1.0"), requires(">=99.0"));
  server.release("1.2.0", program("1.2.0"), requires(">=2.6"));
  publish({});
  assert.match(await ask("1.1.0"), /^helper\/misfit: .*kernel >=99\.0 is required, and this machine has \d/);
  assert.equal(machine.installed(), "1.0.0");
  assert.equal(await ask("1.2.0"), "done");
});
