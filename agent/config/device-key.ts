import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
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

/** A device that can sign. The private key is in nobody's hands: nothing can log it, keep it or pass it on. */
export interface DeviceSigner extends DeviceIdentity {
  /** The 64 bytes of an Ed25519 signature (RFC 8032) over exactly these bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** @throws ConfigError `config/not-enrolled`, `config/bad-device-key` */
export function readDevice(home: AgentHome): DeviceIdentity {
  return readKeyFile(home, parseDeviceKey);
}

/** @throws ConfigError `config/not-enrolled`, `config/bad-device-key`, also where the two halves are not of one key */
export function openDeviceSigner(home: AgentHome): DeviceSigner {
  return readKeyFile(home, parseDeviceSigner);
}

function readKeyFile<T>(home: AgentHome, parse: (text: string, path: string) => T): T {
  const read = readHomeFile(home.deviceKey, MAX_BYTES);
  switch (read.kind) {
    case "bytes":
      return parse(read.bytes.toString("utf8"), home.deviceKey);
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

function parseDeviceSigner(text: string, path: string): DeviceSigner {
  const identity = parseDeviceKey(text, path);
  try {
    const { privateKey: d, publicKey: x } = JSON.parse(text);
    const key = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
    // Node takes a pair that does not fit together; what it signs would be refused by everybody, and nobody know why.
    if (createPublicKey(key).export({ format: "jwk" }).x !== x)
      throw new Error("two halves of different keys");
    return { ...identity, sign: (bytes) => sign(null, bytes, key) };
  } catch {
    // Not as the cause: a message about the private half could repeat it.
    throw badDeviceKey(path, undefined);
  }
}

function badDeviceKey(path: string, cause: unknown): ConfigError {
  return new ConfigError("config/bad-device-key", `\`${path}\` is not a device key of format ${FORMAT}`, {
    help: "restore it from a backup; without it the device counts as a new one (remove it and enrol again)",
    cause,
  });
}
