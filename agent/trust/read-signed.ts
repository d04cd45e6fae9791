import { ProtocolError } from "../../protocol/protocol-error.ts";
import { type ReadRole, readRole } from "../../protocol/tuf/read-role.ts";
import { requireThreshold } from "../../protocol/tuf/require-threshold.ts";
import type { Key, RoleDocument, RoleKeys, RoleTypes } from "../../protocol/tuf/roles.ts";
import { openKey } from "./open-key.ts";
import { TrustError } from "./trust-error.ts";

/**
 * Reads one role as both sides do, with the agent's errors.
 *
 * @param name what to call the file in messages
 * @throws TrustError `trust/malformed` or `trust/spec-version`
 */
export function readSigned<Type extends keyof RoleTypes>(
  type: Type,
  name: string,
  bytes: Uint8Array,
  maxBytes: number,
): ReadRole<RoleTypes[Type]> {
  return refusing(name, () => readRole(type, bytes, maxBytes));
}

/**
 * Counts the signers of a role as both sides do, with the agent's cryptography and errors.
 *
 * @param keys every key of the delegating role, by id
 * @throws TrustError `trust/signature-threshold`
 */
export function requireSigned(
  name: string,
  read: Pick<ReadRole<RoleDocument>, "signatures" | "signedBytes">,
  keys: Readonly<Record<string, Key>>,
  roleKeys: RoleKeys,
): void {
  refusing(name, () => requireThreshold(read, keys, roleKeys, openKey));
}

function refusing<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const message = `${name}: ${error.message}`;
    switch (error.code) {
      case "protocol/not-signed":
        throw new TrustError("trust/signature-threshold", message, {
          cause: error,
          help: "do not trust this repository; ask whoever runs it whether its keys were changed",
        });
      case "protocol/spec-version":
        throw new TrustError("trust/spec-version", message, {
          cause: error,
          help: "update this agent by hand: the repository speaks a newer format",
        });
      default:
        throw new TrustError("trust/malformed", message, {
          cause: error,
          help: "check that the metadata address is a TUF repository and that nothing on the way rewrites it",
        });
    }
  }
}
