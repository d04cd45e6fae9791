import type { Logger } from "pino";
import { checkOrigin } from "../artifacts/check-origin.ts";
import { FollowNewest, type Round } from "../artifacts/follow-newest.ts";
import { originAddress } from "../artifacts/origin-address.ts";
import { WebClient } from "../artifacts/web-client.ts";
import type { DamagedArtifact } from "../http/manifest/artifact-folder.ts";
import type { HostedFiles, ServedArtifacts } from "./hosted-files.ts";

/** Requests to the origin at a time. */
const AT_ONCE = 4;
/** Milliseconds until what was wrong, or could not be asked, is looked at again. */
const AGAIN_MS = 300_000;

/**
 * Artifacts in a bucket. Agents are sent there at once. Whether each is there, with its length, is looked at in the
 * background, once after it was published: nobody waits for it, and whoever promotes learns of a forgotten upload before
 * the fleet does.
 *
 * @param prefix of the addresses, ends in `/`
 * @param caFile authorities beside the system's
 */
export function originArtifacts(
  prefix: string,
  caFile: string | undefined,
  log: Logger,
  onChange: (damaged: readonly DamagedArtifact[]) => void,
): HostedFiles {
  const client = new WebClient(caFile);
  const checks = new OriginChecks(client, prefix);
  const following = new FollowNewest(async (manifest: ServedArtifacts, round) => {
    const { wrong, unreachable } = await checks.look(manifest, round);
    if (round.signal.aborted) return undefined;
    if (unreachable !== undefined) {
      const error = unreachable.message;
      log.warn({ event: "artifact.origin-unreachable", error }, "the origin of artifacts cannot be asked");
    } else if (!round.isStale()) onChange(wrong);
    return unreachable !== undefined || wrong.length > 0 ? AGAIN_MS : undefined;
  });
  return {
    serving: { kind: "elsewhere", addressOf: (path) => originAddress(prefix, path) },
    follow: (manifest) => following.give(manifest),
    async close() {
      await following.close();
      client.close();
    },
  };
}

interface LookedAt {
  readonly wrong: readonly DamagedArtifact[];
  /** Why the origin could not be asked. */
  readonly unreachable: Error | undefined;
}

class OriginChecks {
  private readonly client: WebClient;
  private readonly prefix: string;
  /** Addresses with their signed length that were found right. */
  private settled = new Set<string>();

  constructor(client: WebClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  async look({ artifacts }: ServedArtifacts, { signal, isStale }: Round): Promise<LookedAt> {
    const wrong: DamagedArtifact[] = [];
    const settled = new Set<string>();
    const queue = artifacts().values();
    let unreachable: Error | undefined;
    const worker = async (): Promise<void> => {
      for (const [target, { location, size }] of queue) {
        if (signal.aborted || isStale() || unreachable !== undefined) return;
        const address = location.kind === "hosted" ? originAddress(this.prefix, location.path) : undefined;
        if (location.kind !== "hosted" || address === undefined) continue;
        const key = `${size} ${address}`;
        if (this.settled.has(key)) {
          settled.add(key);
          continue;
        }
        const verdict = await checkOrigin(this.client, address, size, signal);
        switch (verdict.kind) {
          case "there":
          case "unknown":
            settled.add(key);
            break;
          case "wrong":
            wrong.push({ target, path: location.path, problem: verdict.problem });
            break;
          case "unreachable":
            unreachable = verdict.error;
            break;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    this.settled = unreachable === undefined && !isStale() ? settled : this.settled.union(settled);
    return { wrong, unreachable };
  }
}
