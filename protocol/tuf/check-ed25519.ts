/**
 * What both sides refuse of an Ed25519 signature before their library looks at it. RFC 8032 leaves room where
 * libraries differ (tweetnacl takes what OpenSSL refuses: a second form of each signature, and points of small order,
 * under which anybody can sign); controller and agent must never disagree about a document.
 */

/** Order of the base point (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Of the field that the coordinates are in. */
const PRIME = 2n ** 255n - 19n;
/** The y coordinates of the eight points of small order: 1, -1, 0, and two of order eight. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** The 32 bytes of an Ed25519 public key in hexadecimal (either case); `undefined`: not a key to verify with. */
export function ed25519PublicKey(hexadecimal: string): Buffer | undefined {
  if (!/^[0-9a-fA-F]{64}$/.test(hexadecimal)) return undefined;
  const bytes = Buffer.from(hexadecimal, "hex");
  return isSoundPoint(bytes) ? bytes : undefined;
}

/** Whether a signature has its one right form: S below the order (RFC 8032, section 5.1.7), R of large order. */
export function isSoundEd25519Signature(signature: Uint8Array): boolean {
  return (
    signature.length === SIGNATURE_BYTES &&
    isSoundPoint(signature.subarray(0, KEY_BYTES)) &&
    littleEndian(signature.subarray(KEY_BYTES)) < ORDER
  );
}

function isSoundPoint(bytes: Uint8Array): boolean {
  // The highest bit is the sign of x.
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  return y < PRIME && !SMALL_ORDER.has(y);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}
