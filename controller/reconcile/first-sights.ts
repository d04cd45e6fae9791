import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import { isObjectId } from "../source/object-id.ts";
import type { GoodSignature } from "../source/verify-signature.ts";

const FILE = "first-sights.json";
const MAX_BYTES = 64 * 1024 * 1024;
/** Commits that are remembered besides those that are being judged; the oldest sights go first. */
const MOST_REMEMBERED = 10_000;

interface Sight {
  /** Seconds since 1970, by the clock of this controller. */
  readonly seenAt: number;
  /** Who was found to have signed the commit; absent: nobody good, or it was not looked at yet. */
  readonly good?: GoodSignature | undefined;
}

/**
 * When this controller first saw each commit that has to be signed, kept in its state folder: a signer is judged at that
 * time, whatever dates the commit bears and whenever the controller starts again. A lost file makes the times later,
 * which forgives no signer that had expired.
 */
export class FirstSights {
  private readonly path: string;
  private commits: ReadonlyMap<string, Sight> | undefined;
  private signers = "";

  constructor(stateFolder: string) {
    this.path = join(stateFolder, FILE);
  }

  /**
   * Notes the commits that are seen for the first time, before anything is judged.
   *
   * @param signers what `digestSigners` gives: with other signers, what was good is judged again, at the same times
   * @param now seconds since 1970
   * @throws the system's error when the note cannot be kept
   */
  see(commits: Iterable<string>, signers: string, now: number): void {
    const known = this.load();
    const isSameList = this.signers === signers;
    const current = new Map<string, Sight>();
    let isNews = !isSameList;
    for (const commit of commits) {
      const sight = known.get(commit);
      isNews ||= sight === undefined;
      current.set(commit, { seenAt: sight?.seenAt ?? now, good: isSameList ? sight?.good : undefined });
    }
    if (!isNews) return;
    const others = [...known]
      .filter(([commit]) => !current.has(commit))
      .sort(([, a], [, b]) => b.seenAt - a.seenAt)
      .slice(0, MOST_REMEMBERED)
      .map(([commit, { seenAt, good }]): [string, Sight] => [
        commit,
        { seenAt, good: isSameList ? good : undefined },
      ]);
    this.keep(new Map([...current, ...others]), signers);
  }

  /** What is known of a commit that {@link see} was told of. */
  of(commit: string): Sight {
    const sight = this.load().get(commit);
    if (sight === undefined) throw new TypeError(`commit ${commit} was judged before it was seen`);
    return sight;
  }

  /** Notes whose signatures were good, so that they are not judged again. */
  keepGood(found: ReadonlyMap<string, GoodSignature>): void {
    if (found.size === 0) return;
    const commits = new Map(this.load());
    for (const [commit, good] of found) commits.set(commit, { ...this.of(commit), good });
    this.keep(commits, this.signers);
  }

  private keep(commits: ReadonlyMap<string, Sight>, signers: string): void {
    const text = JSON.stringify({ signers, commits: Object.fromEntries(commits) });
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    replaceFile(this.path, `${text}\n`, 0o600);
    this.commits = commits;
    this.signers = signers;
  }

  private load(): ReadonlyMap<string, Sight> {
    if (this.commits === undefined) {
      const { signers, commits } = readSights(this.path);
      this.signers = signers;
      this.commits = commits;
    }
    return this.commits;
  }
}

const NOTHING = { signers: "", commits: new Map<string, Sight>() };

/** What cannot be understood counts as never seen. @throws the system's error when the file is there and unreadable */
function readSights(path: string): { readonly signers: string; readonly commits: Map<string, Sight> } {
  let bytes: Buffer | undefined;
  try {
    bytes = readBounded(path, MAX_BYTES);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return NOTHING;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes?.toString("utf8") ?? "");
  } catch {
    return NOTHING;
  }
  const signers = member(value, "signers");
  const commits = member(value, "commits");
  if (typeof signers !== "string" || typeof commits !== "object" || commits === null) return NOTHING;
  const read = new Map<string, Sight>();
  for (const [commit, sight] of Object.entries(commits)) {
    const seenAt = member(sight, "seenAt");
    if (!isObjectId(commit) || typeof seenAt !== "number" || !Number.isSafeInteger(seenAt)) return NOTHING;
    read.set(commit, { seenAt, good: readGood(member(sight, "good")) });
  }
  return { signers, commits: read };
}

function readGood(value: unknown): GoodSignature | undefined {
  const [signer, fingerprint] = [member(value, "signer"), member(value, "fingerprint")];
  if (typeof signer !== "string" || typeof fingerprint !== "string") return undefined;
  return { kind: "good", signer, fingerprint };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
