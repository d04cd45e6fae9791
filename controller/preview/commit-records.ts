import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { Finding, Foreseen } from "./preview-service.ts";

/** What became of a commit when the controller came to it. */
export interface CommitRecord {
  readonly state: "served" | "refused" | "held";
  readonly errors?: number;
  readonly first?: Finding;
  readonly why?: string;
  readonly foreseen?: Foreseen;
}

/** Where a controller keeps them. */
export function commitRecordsFile(stateFolder: string): string {
  return join(stateFolder, "preview", "commits.json");
}

const MOST_RECORDS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * What the controller noted of commits, on disk: no later look at git could tell what the fleet ran then, or what an older
 * controller refused. Lost, the history is as good as before, without these notes.
 */
export class CommitRecords {
  private readonly file: string;
  private readonly records: Map<string, CommitRecord>;

  constructor(file: string) {
    this.file = file;
    this.records = new Map(Object.entries(readRecords(file)));
  }

  get(commit: string): CommitRecord | undefined {
    return this.records.get(commit);
  }

  /** Commits that were not served when the controller came to them last. */
  unserved(): string[] {
    return [...this.records].flatMap(([commit, { state }]) => (state === "served" ? [] : [commit]));
  }

  /** @throws SystemError when the file cannot be written */
  add(commit: string, record: CommitRecord): void {
    this.records.delete(commit);
    this.records.set(commit, record);
    for (const oldest of this.records.keys()) {
      if (this.records.size <= MOST_RECORDS) break;
      this.records.delete(oldest);
    }
    makeFolder(dirname(this.file), 0o700);
    replaceFile(this.file, JSON.stringify(Object.fromEntries(this.records)), 0o600);
  }
}

/** Nobody but this controller writes there; what it cannot read any more it does without. */
function readRecords(file: string): Record<string, CommitRecord> {
  if (!existsSync(file)) return {};
  try {
    const parsed: unknown = JSON.parse(readBounded(file, MOST_BYTES)?.toString("utf8") ?? "{}");
    return isRecords(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isRecords(value: unknown): value is Record<string, CommitRecord> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every(
      (each) =>
        typeof each === "object" && each !== null && /^(served|refused|held)$/.test(String(each.state)),
    )
  );
}
