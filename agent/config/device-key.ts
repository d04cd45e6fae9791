import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { deviceIdOf } from "../../protocol/check-in/device-id.ts";
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

/**
 * Who this device is, also where its private half is damaged: that keeps it from reporting, not from updating.
 *
 * @throws ConfigError `config/not-enrolled`, `config/bad-device-key`, `config/newer-device-key`
 */
export function readDevice(home: AgentHome): DeviceIdentity {
  const { id, publicKey } = parse(home, readIdentity);
  return { id, publicKey: hexOf(publicKey) };
}

/** @throws ConfigError as `readDevice`, also where the two halves are not of one key */
export function openDeviceSigner(home: AgentHome): DeviceKeys {
  return parse(home, (value) => openKeys(readKeyFile(value)));
}

/** Reads the device's key, or makes it at the first enrolment. An unreadable one is never overwritten. */
export function readOrMakeDevice(home: AgentHome): DeviceIdentity {
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
  const file = parse(home, readKeyFile);
  const kept = file.next?.purpose === purpose ? file.next : undefined;
  const next = kept ?? { ...makePair(), purpose };
  if (kept === undefined) writeKeyFile(home, { ...file, next });
  return { ...openPair(file.id, file), next: openNext(file.id, next) };
}

/** Lets the next key take its place. */
export function takeNextKey(home: AgentHome): DeviceKeys {
  const { id, next } = parse(home, readKeyFile);
  if (next !== undefined) {
    const { purpose, ...pair } = next;
    writeKeyFile(home, { id: purpose === "copy" ? idOf(pair) : id, ...pair });
  }
  return openDeviceSigner(home);
}

function makePair(): KeyPair {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { privateKey: d, publicKey: x };
}

function hexOf(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("hex");
}

function idOf({ publicKey }: Pick<KeyPair, "publicKey">): string {
  return deviceIdOf(hexOf(publicKey));
}

function openKeys(file: KeyFile): DeviceKeys {
  const { id, next } = file;
  return { ...openPair(id, file), ...(next === undefined ? {} : { next: openNext(id, next) }) };
}

function openNext(device: string, next: NonNullable<KeyFile["next"]>): NextKey {
  const { purpose } = next;
  return { ...openPair(purpose === "copy" ? idOf(next) : device, next), purpose };
}

function openPair(id: string, { privateKey: d, publicKey: x }: KeyPair): DeviceSigner {
  const key = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
  // What such a pair signs would be refused by everybody, and nobody know why.
  if (createPublicKey(key).export({ format: "jwk" }).x !== x) throw new Error("two halves of different keys");
  return { id, publicKey: hexOf(x), sign: (bytes) => sign(null, bytes, key) };
}

function writeKeyFile(home: AgentHome, { id, privateKey, publicKey, next }: KeyFile): void {
  const file = { format: FORMAT, type: "ed25519", id, privateKey, publicKey };
  writeHomeFile(home.deviceKey, `${JSON.stringify(next === undefined ? file : { ...file, next })}\n`);
}

const readFormat = object({ format: integer(1) }, "ignore");
/** 32 bytes in base64url. */
const half = text({ max: 43, form: /^[A-Za-z0-9_-]{43}$/, what: "32 bytes in base64url" });
const id = text({ max: 18, form: /^d-[0-9a-f]{16}$/, what: "a device's id" });
const readIdentified = object({ type: oneOf("ed25519"), publicKey: half, id: optional(id) }, "ignore");
const readPair = object({ privateKey: half, publicKey: half }, "ignore");
const readNext = object(
  { next: optional(object({ privateKey: half, publicKey: half, purpose: oneOf("replace", "copy") })) },
  "ignore",
);

/** In format 1 the id is made of the key. */
function readIdentity(value: unknown): Pick<KeyFile, "id" | "publicKey"> {
  const { publicKey, id } = readIdentified(value, "");
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
  if (id === undefined && readFormat(value, "").format > 1) throw new Error("no id");
  return { publicKey, id: id ?? idOf({ publicKey }) };
}

function readKeyFile(value: unknown): KeyFile {
  return { ...readIdentity(value), ...readPair(value, ""), ...readNext(value, "") };
}

function parse<T>({ deviceKey }: AgentHome, read: (value: unknown) => T): T {
  const value = readJson(deviceKey);
  const format = understood(deviceKey, () => readFormat(value, "").format);
  if (format > FORMAT) {
    throw new ConfigError("config/newer-device-key", `\`${deviceKey}\` is a device key of format ${format}`, {
      help: `this agent reads formats up to ${FORMAT}: update it, and do not enrol again`,
    });
  }
  return understood(deviceKey, () => read(value));
}

function readJson(path: string): unknown {
  const found = readHomeFile(path, MAX_BYTES);
  switch (found.kind) {
    case "bytes":
      return understood(path, () => parseJson(found.bytes, MAX_BYTES));
    case "absent":
      throw new ConfigError("config/not-enrolled", `there is no \`${path}\``, {
        help: "enrol this machine with `fairlead-agent enroll`",
      });
    case "unusable":
      throw badDeviceKey(path, found.why);
  }
}

/** What went wrong is not passed on: its words could repeat the private key. */
function understood<T>(path: string, read: () => T): T {
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
