import { fetchBytes } from "../fetch/fetch-bytes.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { type RepositoryOptions, TrustedRepository } from "../trust/trusted-repository.ts";
import { metadataUrl, targetsUrl } from "./agent-config.ts";

/** The signed repository of a server as this agent trusts it. Uses no network yet. */
export function openRepository(
  server: string,
  home: AgentHome,
  now: () => number,
  judgeBy?: RepositoryOptions["judgeBy"],
): TrustedRepository {
  return TrustedRepository.open({
    directory: home.trust,
    metadataUrl: metadataUrl(server),
    targetsUrl: targetsUrl(server),
    now,
    fetch: fetchBytes,
    ...(judgeBy === undefined ? {} : { judgeBy }),
  });
}
