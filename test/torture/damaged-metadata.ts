import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FetchError } from "../../agent/fetch/fetch-error.ts";
import { TrustError } from "../../agent/trust/trust-error.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import type { UpdateServer } from "../agent/update-server.ts";
import { NOW, PRODUCT } from "../trust/made-repository.ts";
import type { Progress, Tally } from "./kills.ts";
import type { Finding } from "./rig.ts";

/** One file of a repository, and one way in which its bytes are not the signed ones. */
export interface Damage {
  readonly path: string;
  readonly how: string;
  readonly bytes: Buffer;
}

/** Every byte changed in one bit that a seed chooses, and every length that is too short. */
export function* damagesOf(path: string, sound: Buffer, random: () => number): Generator<Damage> {
  for (let at = 0; at < sound.length; at++) {
    const bytes = Buffer.from(sound);
    const bit = Math.floor(random() * 8);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    yield { path, how: `bit ${bit} of byte ${at}`, bytes };
  }
  for (let length = 0; length < sound.length; length++) {
    yield { path, how: `cut to ${length} bytes`, bytes: sound.subarray(0, length) };
  }
}

/** The metadata and the documents that a client reads of a repository: everything but artifacts. */
export function metadataPaths(server: UpdateServer): readonly string[] {
  return [...server.repository.files.keys()].filter((path) => !path.startsWith("targets/releases/"));
}

/** Serves each damaged file to a client that trusts nothing but the first root, and requires that it refuses. */
export async function serveDamaged(
  server: UpdateServer,
  damages: readonly Damage[],
  scratch: string,
  progress: Progress,
): Promise<Tally> {
  const findings: Finding[] = [];
  const sound = new Map(server.repository.files);
  const root = server.repository.root();
  const wanted = new Set<string>();
  const accepts = async (served: ReadonlyMap<string, Buffer>): Promise<boolean> => {
    const directory = mkdtempSync(join(scratch, "trust-"));
    try {
      const repository = TrustedRepository.open({
        directory,
        metadataUrl: new URL("http://repository.example/metadata/"),
        targetsUrl: new URL("http://repository.example/targets/"),
        now: () => NOW,
        fetch: async (url) => {
          const path = decodeURIComponent(url.pathname.slice(1));
          wanted.add(path);
          const bytes = served.get(path);
          return bytes === undefined ? { status: 404, bytes: Buffer.alloc(0) } : { status: 200, bytes };
        },
      });
      repository.init(root);
      await repository.refresh();
      await repository.releases(PRODUCT);
      await repository.productPolicy(PRODUCT);
      return true;
    } catch (error) {
      if (error instanceof TrustError || error instanceof FetchError || error instanceof ProtocolError) {
        return false;
      }
      throw error;
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  if (!(await accepts(sound))) throw new Error("the sound repository is refused");
  const read = damages.filter(({ path }) => wanted.has(path));
  for (const [index, { path, how, bytes }] of read.entries()) {
    progress(index, read.length);
    let problem: string | undefined;
    try {
      if (await accepts(new Map(sound).set(path, bytes))) problem = "accepted";
    } catch (error) {
      problem = `not a refusal but ${error}`;
    }
    if (problem !== undefined) findings.push({ format: "metadata", scenario: path, fault: how, problem });
  }
  return { faults: read.length, points: read.length, met: read.length, findings };
}
