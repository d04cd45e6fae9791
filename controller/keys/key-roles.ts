import { isName } from "../../protocol/manifest-names.ts";
import type { KeyRole } from "../trust/signing-key.ts";

const RELEASES = "releases-";

/** Whether a text names what a key can be for. */
export function isKeyRole(text: string): text is KeyRole {
  return ["root", "targets", "online"].includes(text) || productOfRole(text) !== undefined;
}

/** The product that a role signs releases of; `undefined` for another role. */
export function productOfRole(role: string): string | undefined {
  const product = role.startsWith(RELEASES) ? role.slice(RELEASES.length) : "";
  return isName(product) ? product : undefined;
}
