import { releaseRoleName, siblingTarget } from "../../protocol/manifest-names.ts";
import type { ReleaseDelta } from "../../protocol/release.ts";
import type { DownloadPace } from "../config/agent-config.ts";
import { httpGet } from "../fetch/http-get.ts";
import { targetAddress } from "../trust/target-documents.ts";
import { TrustError } from "../trust/trust-error.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import type { OpenArtifact } from "./download-artifact.ts";

/**
 * Where the bytes of a release come from: the server's `targets/`, and after it (a static mirror need not have the
 * artifacts) the address that the release key signed. The bytes are checked either way.
 *
 * @throws TrustError `trust/unknown-target`; `trust/wrong-role` when another role than the product's release role signed it
 */
export async function findMirrors(
  repository: TrustedRepository,
  targetsUrl: URL,
  product: string,
  path: string,
  pace: DownloadPace,
): Promise<readonly OpenArtifact[]> {
  const role = releaseRoleName(product);
  const target = await repository.findTarget(path, [role]);
  if (target.role !== role) {
    throw new TrustError("trust/wrong-role", `${path}: expected role \`${role}\`, got \`${target.role}\``, {
      help: "the delegations of this repository are wrong; ask whoever holds its targets key",
    });
  }
  const hosted = new URL(targetAddress(target, true), targetsUrl);
  return mirrorsAt(hosted, signedUrl(urlIn(target.custom)), pace);
}

/** The same for a delta, of which all is known that its artifact's role signed. */
export function findDeltaMirrors(
  targetsUrl: URL,
  target: string,
  { file, sha256, url }: ReleaseDelta,
  pace: DownloadPace,
): readonly OpenArtifact[] {
  const listed = { path: siblingTarget(target, file), length: 0, hashes: { sha256 } };
  return mirrorsAt(new URL(targetAddress(listed, true), targetsUrl), signedUrl(url), pace);
}

function mirrorsAt(hosted: URL, elsewhere: URL | undefined, pace: DownloadPace): readonly OpenArtifact[] {
  const addresses = elsewhere === undefined ? [hosted] : [hosted, elsewhere];
  return addresses.map((url) => (headers, signal) => {
    return httpGet(url, {
      headers,
      minBytesPerSecond: pace.minBytesPerSecond,
      idleTimeout: pace.windowSeconds * 1000,
      ...(signal === undefined ? {} : { signal }),
    });
  });
}

function urlIn(custom: unknown): unknown {
  return typeof custom === "object" && custom !== null && "url" in custom ? custom.url : undefined;
}

function signedUrl(url: unknown): URL | undefined {
  return typeof url === "string" && /^https?:/.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}
