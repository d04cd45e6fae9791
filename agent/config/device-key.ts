import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { sha256Hex } from "../../protocol/digest.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { readHomeFile, writeHomeFile } from "../home/own-file.ts";
import { ConfigError } from "./config-error.ts";

const FORMAT = 1;
const MAX_BYTES = 4096;

/**
 * Who this device is: an Ed25519 key made once, which survives every update. The file has a format version, so that
 * a later form of it can be read beside this one and no device ever appears twice.
 */
export interface DeviceIdentity {
  /** `d-` and the first 16 hexadecimal digits of sha256(public key, 32 bytes). */
  readonly id: string;
  /** Raw Ed25519 public key, hexadecimal. */
  readonly publicKey: string;
}

/** @throws ConfigError `config/not-enrolled`, `config/bad-device-key` */
export function readDevice(home: AgentHome): DeviceIdentity {
  const read = readHomeFile(home.deviceKey, MAX_BYTES);
  switch (read.kind) {
    case "bytes":
      return parseDeviceKey(read.bytes.toString("utf8"), home.deviceKey);
    case "absent":
      throw new ConfigError("config/not-enrolled", `there is no \`${home.deviceKey}\``, {
        help: "enrol this machine with `fairlead-agent enroll`",
      });
    case "unusable":
      throw badDeviceKey(home.deviceKey, read.why);
  }
}

/** Reads the device's key, or makes it at the first enrolment. An unreadable one is never overwritten. */
export function readOrMakeDevice(home: AgentHome): DeviceIdentity {
  if (readHomeFile(home.deviceKey, MAX_BYTES).kind === "absent") {
    const { privateKey } = generateKeyPairSync("ed25519");
    const { d, x } = privateKey.export({ format: "jwk" });
    const file = { format: FORMAT, type: "ed25519", privateKey: d, publicKey: x };
    writeHomeFile(home.deviceKey, `${JSON.stringify(file)}\n`);
  }
  return readDevice(home);
}

function parseDeviceKey(text: string, path: string): DeviceIdentity {
  try {
    const { format, type, publicKey: x } = JSON.parse(text);
    if (format !== FORMAT || type !== "ed25519" || typeof x !== "string") throw new Error("unknown format");
    createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const publicKey = Buffer.from(x, "base64url");
    return { id: `d-${sha256Hex(publicKey).slice(0, 16)}`, publicKey: publicKey.toString("hex") };
  } catch (error) {
    throw badDeviceKey(path, error);
  }
}

function badDeviceKey(path: string, cause: unknown): ConfigError {
  return new ConfigError("config/bad-device-key", `\`${path}\` is not a device key of format ${FORMAT}`, {
    help: "restore it from a backup; without it the device counts as a new one (remove it and enrol again)",
    cause,
  });
}
