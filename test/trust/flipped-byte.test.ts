import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { FetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { FetchError } from "../../agent/fetch/fetch-error.ts";
import { TrustError } from "../../agent/trust/trust-error.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { makeDirectory, makeRepository, NOW, PRODUCT } from "./made-repository.ts";

/** Serves a repository's files without a network, so that thousands of variants are quick. */
function fetchFrom(files: ReadonlyMap<string, Buffer>): FetchBytes {
  return async (url, { maxBytes }) => {
    const bytes = files.get(decodeURIComponent(url.pathname.slice(1)));
    if (bytes === undefined) return { status: 404, bytes: Buffer.alloc(0) };
    if (bytes.length > maxBytes) throw new FetchError("fetch/too-large", "too large");
    return { status: 200, bytes };
  };
}

test("one flipped byte anywhere in the repository is refused, or changes nothing that is decided on", async (t) => {
  const made = makeRepository();
  made.versions.root = 2;
  made.publishRoot();
  const directory = makeDirectory(t);
  let runs = 0;
  const read = async (files: ReadonlyMap<string, Buffer>) => {
    const repository = TrustedRepository.open({
      directory: join(directory, String(runs++)),
      metadataUrl: new URL("http://repository.example/metadata/"),
      targetsUrl: new URL("http://repository.example/targets/"),
      now: () => NOW,
      fetch: fetchFrom(files),
    });
    repository.init(made.root());
    await repository.refresh();
    return JSON.stringify([await repository.releases(PRODUCT), await repository.productPolicy(PRODUCT)]);
  };
  const sound = await read(made.files);
  // The artifact's own bytes are not read here: only their digest is, in the release role.
  const paths = [...made.files.keys()].filter(
    (path) => path !== "metadata/1.root.json" && !path.startsWith("targets/releases/"),
  );
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.integer({ min: 1, max: 255 }),
      async (path, place, mask) => {
        const bytes = Buffer.from(made.file(path));
        const at = Math.floor(place * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        try {
          assert.equal(await read(new Map([...made.files, [path, bytes]])), sound);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          assert.ok(error instanceof TrustError, String(error));
          refused++;
        }
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(refused > 300, `${refused} of 400 were refused`);
});
