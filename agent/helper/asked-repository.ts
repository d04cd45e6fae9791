import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FetchBytes } from "../fetch/fetch-bytes.ts";
import { readBounded } from "../files/read-bounded.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import type { Link } from "../helper-link/link.ts";
import { readGift } from "../helper-link/messages.ts";
import { TrustError } from "../trust/trust-error.ts";
import { TrustedRepository } from "../trust/trusted-repository.ts";
import type { HelperConfig } from "./helper-config.ts";
import { requireRootOwned } from "./root-owned.ts";

const MAX_ROOT_BYTES = 512 * 1024;
/** Nothing is ever fetched there: a name for each of the two places that a repository has. */
const METADATA = new URL("http://agent.invalid/tuf/");
const TARGETS = new URL("http://agent.invalid/targets/");

/**
 * The signed repository as the helper trusts it: with a root and a memory of its own, so that an agent can neither make
 * it trust another root nor hand it older metadata than it has seen. What an agent would fetch, it asks the agent for.
 *
 * @throws TrustError, HelperError
 */
export function openAskedRepository(
  { state, root }: Pick<HelperConfig, "state" | "root">,
  product: string,
  link: Link,
  now: () => number,
): TrustedRepository {
  const directory = join(state, "trust", product);
  mkdirSync(join(state, "trust"), { recursive: true, mode: 0o700 });
  const repository = TrustedRepository.open({
    directory,
    metadataUrl: METADATA,
    targetsUrl: TARGETS,
    now,
    fetch: askFor(link),
  });
  try {
    repository.rootRole();
  } catch (error) {
    if (!(error instanceof TrustError) || error.code !== "trust/no-root") throw error;
    repository.init(readFirstRoot(root));
  }
  return repository;
}

function readFirstRoot(path: string): Buffer {
  requireRootOwned(path);
  const read = readBounded(path, MAX_ROOT_BYTES);
  if (read.kind === "bytes") return read.bytes;
  throw new HelperError("helper/bad-config", `\`${path}\` is not a root to trust`, {
    help: "put the 1.root.json that the operator handed out there; `root` in the helper's config names it",
  });
}

function askFor(link: Link): FetchBytes {
  return async (url, { maxBytes }) => {
    const isMetadata = url.pathname.startsWith(METADATA.pathname);
    const path = url.pathname.slice((isMetadata ? METADATA : TARGETS).pathname.length);
    await link.say({ say: isMetadata ? "metadata" : "document", path, max: maxBytes });
    const { bytes } = await link.hear(readGift);
    if (bytes === undefined) return { status: 404, bytes: Buffer.alloc(0) };
    if (bytes > maxBytes) {
      throw new TrustError("trust/length-exceeded", `${path}: expected at most ${maxBytes} bytes, got more`, {
        help: "look at what else runs as the agent's user",
      });
    }
    return { status: 200, bytes: await link.wholeBytes(bytes) };
  };
}
