import type { TrustFiles } from "../state/fleet-model.ts";
import { readRole } from "../trust/read-role.ts";
import { PublishError } from "./publish-error.ts";

/**
 * Refuses what agents that have seen the manifest before would refuse: a root chain that is not the old one with more
 * at its end, and an offline role with a lower version, or with the same version and other bytes.
 *
 * @throws PublishError `publish/root-changed`, `publish/role-rolled-back`, `publish/version-reused`
 */
export function checkContinuity(previous: TrustFiles, next: TrustFiles): void {
  if (previous === next) return;
  for (const [number, bytes] of previous.roots) {
    const same = next.roots.get(number);
    if (same === bytes || same?.equals(bytes) === true) continue;
    throw new PublishError(
      "publish/root-changed",
      `trust/root/${number}.root.json is not the one that was published before`,
      { help: "agents trust the published chain: restore the file from git, and add new roots at its end" },
    );
  }
  checkRole("trust/targets.json", previous.targets, next.targets);
  for (const [product, bytes] of previous.releases) {
    checkRole(`trust/releases/${product}.json`, bytes, next.releases.get(product));
  }
}

function checkRole(file: string, previous: Buffer | undefined, next: Buffer | undefined): void {
  // Nearly all are the very same bytes, of which there may be many.
  if (previous === undefined || next === undefined || previous === next || previous.equals(next)) return;
  const before = readRole("targets", previous).role.version;
  const after = readRole("targets", next).role.version;
  if (after > before) return;
  if (after === before) {
    throw new PublishError("publish/version-reused", `${file} differs from the published version ${before}`, {
      help: "sign it again: agents never accept other content under a version that they know",
    });
  }
  throw new PublishError(
    "publish/role-rolled-back",
    `${file} has version ${after}, and version ${before} was published before`,
    { help: "sign it again with a higher version: agents never go back" },
  );
}
