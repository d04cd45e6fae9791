import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { DomainError } from "../../protocol/domain-error.ts";

/**
 * The agent's TUF client with the command line that the public tuf-conformance suite expects:
 *
 *   client --metadata-dir D init ROOT_FILE
 *   client --metadata-url U --metadata-dir D refresh
 *   client --metadata-url U --metadata-dir D --target-name T [--target-name T2] --target-dir TD --target-base-url TU download
 */
const MAX_TARGET_BYTES = 64 * 1024 * 1024;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "metadata-url": { type: "string" },
    "metadata-dir": { type: "string" },
    "target-name": { type: "string", multiple: true },
    "target-dir": { type: "string" },
    "target-base-url": { type: "string" },
  },
});

function need(name: "metadata-dir" | "metadata-url" | "target-dir" | "target-base-url"): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

function openRepository(metadataUrl: string, targetsUrl: string): TrustedRepository {
  return TrustedRepository.open({
    directory: need("metadata-dir"),
    metadataUrl: new URL(metadataUrl),
    targetsUrl: new URL(targetsUrl),
    now: () => Math.floor(Date.now() / 1000),
    fetch: fetchBytes,
  });
}

/** One target after the other, to files that are named by the percent-encoded target. */
async function download(): Promise<void> {
  const repository = openRepository(need("metadata-url"), need("target-base-url"));
  await repository.refresh();
  const directory = need("target-dir");
  mkdirSync(directory, { recursive: true });
  for (const name of values["target-name"] ?? []) {
    const bytes = await repository.fetchDocument(name, MAX_TARGET_BYTES);
    const place = join(directory, encodeURIComponent(name));
    // What is there already keeps its modification time, which the suite looks at.
    if (!existsSync(place) || !readFileSync(place).equals(bytes)) writeFileSync(place, bytes);
    process.stdout.write(`${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
  }
}

async function main(): Promise<void> {
  const [command, file] = positionals;
  // Stands for an address that the command does not use.
  const nowhere = pathToFileURL(need("metadata-dir")).href;
  switch (command) {
    case "init":
      if (file === undefined) throw new Error("init needs a root file");
      openRepository(nowhere, nowhere).init(readFileSync(file));
      return;
    case "refresh":
      await openRepository(need("metadata-url"), nowhere).refresh();
      return;
    case "download":
      await download();
      return;
    default:
      throw new Error(`expected init, refresh or download, got ${command}`);
  }
}

main().catch((error: unknown) => {
  const [id, message] = error instanceof DomainError ? [error.code, error.message] : ["error", String(error)];
  process.stderr.write(`${id}: ${message}\n`);
  process.exitCode = 1;
});
