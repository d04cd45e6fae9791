import { canonicalBytes } from "../canonical-json.ts";
import { sha256Hex } from "../digest.ts";
import type { Placement } from "./check-in-answer.ts";

/** What a placement is called in a check-in: the first 16 hexadecimal digits of the SHA-256 of its canonical JSON. */
export function placementDigest({ tenant, site, labels }: Placement): string {
  const said = {
    tenant: tenant === undefined ? null : { name: tenant.name, key: tenant.key },
    site: site ?? null,
    labels: { ...labels },
  };
  return sha256Hex(canonicalBytes(said)).slice(0, 16);
}
