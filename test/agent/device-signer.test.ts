import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { ConfigError } from "../../agent/config/config-error.ts";
import { openDeviceSigner, readDevice, readOrMakeDevice } from "../../agent/config/device-key.ts";
import { type AgentHome, agentHome, makeHome } from "../../agent/home/agent-home.ts";

function withHome(use: (home: AgentHome) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-signer-"));
  try {
    const home = agentHome(directory, {});
    makeHome(home);
    use(home);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface KeyFile {
  readonly privateKey: string;
  readonly publicKey: string;
}
const read = (home: AgentHome): KeyFile => JSON.parse(readFileSync(home.deviceKey, "utf8"));

test("a device signs with the key that its public half and id are of, and the file stays as it was", () => {
  withHome((home) => {
    const identity = readOrMakeDevice(home);
    const before = readFileSync(home.deviceKey);
    const signer = openDeviceSigner(home);
    assert.deepEqual(readFileSync(home.deviceKey), before);
    assert.deepEqual({ id: signer.id, publicKey: signer.publicKey }, identity);
    const bytes = Buffer.from("what is signed");
    const x = Buffer.from(signer.publicKey, "hex").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    assert.ok(verify(null, bytes, key, signer.sign(bytes)));
  });
});

test("nothing that is printed, logged or copied of a signer has the private key", () => {
  withHome((home) => {
    readOrMakeDevice(home);
    const signer = openDeviceSigner(home);
    const { privateKey } = read(home);
    const shown = [
      inspect(signer, { showHidden: true, depth: 9 }),
      JSON.stringify(signer),
      JSON.stringify({ ...signer }),
    ].join();
    assert.ok(shown.includes(signer.id));
    for (const encoding of ["base64url", "base64", "hex"] as const) {
      assert.ok(!shown.includes(Buffer.from(privateKey, "base64url").toString(encoding)));
    }
  });
});

test("a key file whose private half is damaged, missing or of another key signs nothing, and the message keeps it", () => {
  withHome((home) => {
    const identity = readOrMakeDevice(home);
    const whole = read(home);
    const other = withOtherKey();
    for (const privateKey of [undefined, 7, "", "AAAA", `${whole.privateKey}AA`, other]) {
      writeFileSync(home.deviceKey, JSON.stringify({ ...whole, privateKey }));
      assert.throws(
        () => openDeviceSigner(home),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.equal(error.code, "config/bad-device-key");
          assert.ok(!inspect(error).includes(whole.privateKey.slice(0, 12)));
          return true;
        },
      );
      assert.deepEqual(readDevice(home), identity, "who it is can still be read");
    }
  });
});

function withOtherKey(): string {
  let privateKey = "";
  withHome((home) => {
    readOrMakeDevice(home);
    privateKey = read(home).privateKey;
  });
  return privateKey;
}
