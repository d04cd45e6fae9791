import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { sha256Hex } from "../../protocol/digest.ts";
import { integer, object, oneOf, optional, parseJson, text } from "../../protocol/read-json.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { readHomeFile, writeHomeFile } from "../home/own-file.ts";
import { ConfigError } from "./config-error.ts";

/** Format 1 had no id, because it followed from the key. Such a file stays as it is until the key is replaced. */
const FORMAT = 2;
const MAX_BYTES = 4096;

/** Who this device is. The id is made of its first key and outlives it. */
export interface DeviceIdentity {
  /** `d-` and the first 16 hexadecimal digits of sha256(first public key, 32 bytes). */
  readonly id: string;
  /** Raw Ed25519 public key, hexadecimal. */
  readonly publicKey: string;
}

/** A device that can sign. The private key is in nobody's hands: nothing can log it, keep it or pass it on. */
export interface DeviceSigner extends DeviceIdentity {
  /** The 64 bytes of an Ed25519 signature (RFC 8032) over exactly these bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** One Ed25519 key, in the members of a JWK (RFC 8037). */
interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A key that is registered at the controller before it takes the place of the one before. */
export interface NextKey extends DeviceSigner {
  /** `replace`: this device, with a new key. `copy`: a device of its own, whose id is made of this key. */
  readonly purpose: "replace" | "copy";
}

/** The device's keys: an Ed25519 key made once, which survives every update, and while it is replaced a second one. */
export interface DeviceKeys extends DeviceSigner {
  readonly next?: NextKey;
}

interface KeyFile extends KeyPair {
  readonly id: string;
  readonly next?: KeyPair & { readonly purpose: NextKey["purpose"] };
}

/** @throws ConfigError `config/not-enrolled`, `config/bad-device-key`, `config/newer-device-key` */
export function readDevice(home: AgentHome): DeviceKeys {
  return openKeys(readKeyFile(home));
}

/** Reads the device's key, or makes it at the first enrolment. An unreadable one is never overwritten. */
export function readOrMakeDevice(home: AgentHome): DeviceKeys {
  if (readHomeFile(home.deviceKey, MAX_BYTES).kind === "absent") {
    const pair = makePair();
    writeKeyFile(home, { id: idOf(pair), ...pair });
  }
  return readDevice(home);
}

/**
 * Makes the key that is to come and keeps it beside the one that there is, until the controller has answered. One of the
 * same purpose that an earlier try left is taken again.
 */
export function readOrMakeNextKey(
  home: AgentHome,
  purpose: NextKey["purpose"],
): DeviceKeys & { next: NextKey } {
  const file = readKeyFile(home);
  const kept = file.next?.purpose === purpose ? file.next : undefined;
  const next = kept ?? { ...makePair(), purpose };
  if (kept === undefined) writeKeyFile(home, { ...file, next });
  const { next: _, ...keys } = openKeys(file);
  return { ...keys, next: openNext(file.id, next) };
}

/** Lets the next key take its place. */
export function takeNextKey(home: AgentHome): DeviceKeys {
  const { id, next } = readKeyFile(home);
  if (next !== undefined) {
    const { purpose, ...pair } = next;
    writeKeyFile(home, { id: purpose === "copy" ? idOf(pair) : id, ...pair });
  }
  return readDevice(home);
}

/** Forgets a next key that the controller never took. */
export function dropNextKey(home: AgentHome): DeviceKeys {
  const { next, ...file } = readKeyFile(home);
  if (next !== undefined) writeKeyFile(home, file);
  return readDevice(home);
}

function makePair(): KeyPair {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { privateKey: d, publicKey: x };
}

function idOf({ publicKey }: KeyPair): string {
  return `d-${sha256Hex(Buffer.from(publicKey, "base64url")).slice(0, 16)}`;
}

function openKeys(file: KeyFile): DeviceKeys {
  const { id, next } = file;
  return { ...openPair(id, file), ...(next === undefined ? {} : { next: openNext(id, next) }) };
}

function openNext(device: string, next: NonNullable<KeyFile["next"]>): NextKey {
  const { purpose } = next;
  return { ...openPair(purpose === "copy" ? idOf(next) : device, next), purpose };
}

function openPair(id: string, pair: KeyPair): DeviceSigner {
  return {
    id,
    publicKey: Buffer.from(pair.publicKey, "base64url").toString("hex"),
    sign: (bytes) => sign(null, bytes, openPrivate(pair)),
  };
}

function writeKeyFile(home: AgentHome, { id, privateKey, publicKey, next }: KeyFile): void {
  const file = { format: FORMAT, type: "ed25519", id, privateKey, publicKey };
  writeHomeFile(home.deviceKey, `${JSON.stringify(next === undefined ? file : { ...file, next })}\n`);
}

function readKeyFile({ deviceKey }: AgentHome): KeyFile {
  const read = readHomeFile(deviceKey, MAX_BYTES);
  switch (read.kind) {
    case "bytes":
      return parseKeyFile(read.bytes, deviceKey);
    case "absent":
      throw new ConfigError("config/not-enrolled", `there is no \`${deviceKey}\``, {
        help: "enrol this machine with `fairlead-agent enroll`",
      });
    case "unusable":
      throw badDeviceKey(deviceKey, read.why);
  }
}

const readFormat = object({ format: integer(1) }, "ignore");
/** 32 bytes in base64url. */
const part = text({ max: 43, form: /^[A-Za-z0-9_-]{43}$/, what: "32 bytes in base64url" });
const members = { type: oneOf("ed25519"), privateKey: part, publicKey: part };
const readFormat1 = object({ format: oneOf(1), ...members });
const readFormat2 = object({
  format: oneOf(FORMAT),
  id: text({ max: 18, form: /^d-[0-9a-f]{16}$/, what: "a device's id" }),
  next: optional(object({ privateKey: part, publicKey: part, purpose: oneOf("replace", "copy") })),
  ...members,
});

function parseKeyFile(bytes: Uint8Array, path: string): KeyFile {
  const value = attempt(path, () => parseJson(bytes, MAX_BYTES));
  const { format } = attempt(path, () => readFormat(value, ""));
  if (format > FORMAT) {
    throw new ConfigError("config/newer-device-key", `\`${path}\` is a device key of format ${format}`, {
      help: `this agent reads formats up to ${FORMAT}: update it, and do not enrol again`,
    });
  }
  const file: KeyFile = attempt(path, () => {
    if (format === FORMAT) return readFormat2(value, "");
    const first = readFormat1(value, "");
    return { ...first, id: idOf(first) };
  });
  // node:crypto refuses a private key beside a public one that is not its own.
  for (const one of [file, file.next]) attempt(path, () => one === undefined || openPrivate(one));
  return file;
}

function openPrivate({ privateKey: d, publicKey: x }: KeyPair): KeyObject {
  return createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
}

/** What went wrong is not passed on: its words could repeat the private key. */
function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw badDeviceKey(path, "damaged");
  }
}

function badDeviceKey(path: string, why: string): ConfigError {
  return new ConfigError("config/bad-device-key", `\`${path}\` is no device key (${why})`, {
    help: "restore it from a backup; without it the device counts as a new one (remove it and enrol again)",
  });
}
