import { ArtifactError } from "./artifact-error.ts";
import type { WebClient } from "./web-client.ts";

/** What a look at an artifact in a bucket found. */
export type OriginVerdict =
  | { readonly kind: "there" }
  /** The origin says no length, or takes no such question. */
  | { readonly kind: "unknown" }
  | { readonly kind: "wrong"; readonly problem: string }
  /** Nothing is known of the artifact, as the origin could not be asked. */
  | { readonly kind: "unreachable"; readonly error: ArtifactError };

/**
 * Asks an origin for the length of one artifact and not for its bytes: that is what tells a forgotten or a half upload and
 * an error page, at the cost of one small request. Agents check every byte, so a bucket can never make them run another
 * file.
 *
 * @param size bytes that were signed
 */
export async function checkOrigin(
  client: WebClient,
  address: string,
  size: number,
  signal: AbortSignal,
): Promise<OriginVerdict> {
  try {
    const headers = { "accept-encoding": "identity" };
    const answer = await client.send(new URL(address), { method: "HEAD", headers, signal });
    answer.resume();
    const { statusCode: status = 0, headers: said } = answer;
    if (status === 405 || status === 501) return { kind: "unknown" };
    if (status === 429 || status >= 500) {
      const error = new ArtifactError(
        "artifact/unreachable",
        `\`${new URL(address).host}\` answers ${status}`,
      );
      return { kind: "unreachable", error };
    }
    if (status !== 200)
      return { kind: "wrong", problem: `is not given out by the origin: it answers ${status}` };
    const length = said["content-length"];
    if (length === undefined || said["content-encoding"] !== undefined) return { kind: "unknown" };
    return length === String(size)
      ? { kind: "there" }
      : { kind: "wrong", problem: `has ${length.slice(0, 20)} bytes at the origin, and ${size} are signed` };
  } catch (error) {
    if (error instanceof ArtifactError) return { kind: "unreachable", error };
    throw error;
  }
}
