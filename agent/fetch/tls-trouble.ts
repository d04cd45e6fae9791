/** Why a TLS connection to a server is not trusted. */
export type TlsTrouble =
  /** Whoever signed the certificate is unknown here: something on the way reads the traffic, or the authority is private. */
  | "untrusted-authority"
  | "other-name"
  | "expired"
  /** The clock of this machine is behind, or the certificate is for later. */
  | "not-yet-valid"
  /** What answers does not speak TLS. */
  | "no-tls";

const CODES: ReadonlyMap<string, TlsTrouble> = new Map([
  ["CERT_HAS_EXPIRED", "expired"],
  ["CERT_NOT_YET_VALID", "not-yet-valid"],
  ["CERT_SIGNATURE_FAILURE", "untrusted-authority"],
  ["CERT_UNTRUSTED", "untrusted-authority"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "untrusted-authority"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "no-tls"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "no-tls"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "other-name"],
  ["INVALID_CA", "untrusted-authority"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "untrusted-authority"],
  ["UNABLE_TO_GET_ISSUER_CERT", "untrusted-authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "untrusted-authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "untrusted-authority"],
]);

/**
 * Tells trouble with a certificate from other failures of a request, and so a proxy that reads TLS from a network that is
 * down. Looks through the causes of an error.
 *
 * @returns `undefined` for everything else
 */
export function tlsTroubleOf(error: unknown): TlsTrouble | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const found = "code" in at && typeof at.code === "string" ? CODES.get(at.code) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What to do about it, for people. */
export function remedyOf(trouble: TlsTrouble): string {
  switch (trouble) {
    case "untrusted-authority":
      return "a proxy or a virus scanner on the way reads TLS, or the server's authority is private: have the server excepted, or name the authority's file in NODE_EXTRA_CA_CERTS";
    case "other-name":
      return "the address leads to another server, or to the page of a network's sign-in: check it, and the name service";
    case "expired":
      return "renew the server's certificate; if it is in date, set this machine's clock right";
    case "not-yet-valid":
      return "set this machine's clock right";
    case "no-tls":
      return "check the port, and that no proxy or sign-in page answers in the server's place";
  }
}
