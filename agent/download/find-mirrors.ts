import { releaseRoleName } from "../../protocol/manifest-names.ts";
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
  const elsewhere = signedUrl(target.custom);
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

function signedUrl(custom: unknown): URL | undefined {
  const url = typeof custom === "object" && custom !== null && "url" in custom ? custom.url : undefined;
  return typeof url === "string" && /^https?:/.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}
