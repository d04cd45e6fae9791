import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

/** How a passphrase becomes a key: scrypt (RFC 7914) with its parameters, so that later files may ask for more work. */
export interface ScryptParameters {
  /** Cost: a power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Hexadecimal. */
  readonly salt: string;
}

/** A secret that only a passphrase opens. */
export interface SealedSecret {
  readonly kdf: "scrypt";
  readonly scrypt: ScryptParameters;
  /** AES-256 in Galois/Counter Mode (NIST SP 800-38D). */
  readonly cipher: "aes-256-gcm";
  /** 12 bytes, hexadecimal. */
  readonly nonce: string;
  /** Cipher text, then 16 bytes of authentication tag, hexadecimal. */
  readonly sealed: string;
}

/** 128 MiB and some tenths of a second for each guess: what OWASP asks for where an attacker has the file. */
const COST = { n: 2 ** 17, r: 8, p: 1 } as const;
const TAG_BYTES = 16;

/** The most that a file may ask for: beyond it, opening would be an attack on the memory of whoever opens it. */
const MAX_MEMORY = 1024 * 1024 * 1024;

/** @param context bytes that the secret belongs to: with others it does not open */
export function sealSecret(secret: Uint8Array, passphrase: string, context: Uint8Array): SealedSecret {
  const scrypt = { ...COST, salt: randomBytes(32).toString("hex") };
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derive(passphrase, scrypt), nonce).setAAD(context);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return {
    kdf: "scrypt",
    scrypt,
    cipher: "aes-256-gcm",
    nonce: nonce.toString("hex"),
    sealed: sealed.toString("hex"),
  };
}

/** @returns `undefined` for another passphrase, or where anything was changed since */
export function openSecret(
  { scrypt, nonce, sealed }: SealedSecret,
  passphrase: string,
  context: Uint8Array,
): Buffer | undefined {
  const bytes = Buffer.from(sealed, "hex");
  const decipher = createDecipheriv("aes-256-gcm", derive(passphrase, scrypt), Buffer.from(nonce, "hex"), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(context).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Whether these parameters are ones that scrypt takes and that cost no more than they may. */
export function isAffordable({ n, r, p }: Omit<ScryptParameters, "salt">): boolean {
  return (
    Number.isInteger(Math.log2(n)) && n >= 2 ** 14 && r >= 8 && p >= 1 && memoryOf(n, r) * p <= MAX_MEMORY
  );
}

function memoryOf(n: number, r: number): number {
  return 128 * n * r;
}

/** The same text typed on two systems may differ in how it composes letters: NFC makes it one (RFC 8265, section 4.2). */
function derive(passphrase: string, { n, r, p, salt }: ScryptParameters): Buffer {
  const maxmem = memoryOf(n, r) + 128 * r * p + 1024 * 1024;
  return scryptSync(passphrase.normalize("NFC"), Buffer.from(salt, "hex"), 32, { N: n, r, p, maxmem });
}
