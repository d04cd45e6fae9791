import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { publicKeyOf } from "../../controller/keys/public-key-file.ts";
import type { PublicKey } from "../../controller/trust/build-trust.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";

/** A key that no file of ours holds, and a program that signs with it: what an HSM with its tool is. */
export function makeDevice(
  t: TestContext,
  encode = 'out.toString("hex")',
): { key: PublicKey; command: string; log: string } {
  const folder = temporaryFolder(t);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  const log = join(folder, "log");
  writeFileSync(
    join(folder, "sign.mjs"),
    `import { sign } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
const message = readFileSync(0);
appendFileSync(${JSON.stringify(log)}, message.toString("hex") + "\\n");
const out = sign(null, message, readFileSync(${JSON.stringify(join(folder, "key.pem"))}));
process.stdout.write(${encode} + "\\n");
`,
  );
  return {
    key: publicKeyOf(rawPublic(publicKey)),
    command: `'${process.execPath}' '${folder}/sign.mjs'`,
    log,
  };
}

function rawPublic(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
}

/** The public half of a key that nobody has, hexadecimal. */
export function randomPublicKey(): string {
  return rawPublic(generateKeyPairSync("ed25519").publicKey);
}
