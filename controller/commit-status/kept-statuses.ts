import { join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { CommitState, CommitStatus } from "./forge-request.ts";

const FILE = "commit-statuses.json";
const MOST_BYTES = 1024 * 1024;
/** Newest statuses that are remembered; what is forgotten may be set once more. */
const MOST_KEPT = 1000;

/** What the forge was told last, by {@link statusKey}, oldest first. */
export type SetStatuses = ReadonlyMap<string, CommitStatus>;

export function statusKey({ commit, context }: Pick<CommitStatus, "commit" | "context">): string {
  return `${commit} ${context}`;
}

/** What the forge was told, in the state folder. Where the file is lost, statuses that hold are set once more. */
export class KeptStatuses {
  private readonly file: string;

  constructor(stateFolder: string) {
    this.file = join(stateFolder, FILE);
  }

  read(): Map<string, CommitStatus> {
    try {
      const said: unknown = JSON.parse(readBounded(this.file, MOST_BYTES)?.toString("utf8") ?? "{}");
      const listed = typeof said === "object" && said !== null && "statuses" in said ? said.statuses : [];
      const statuses = Array.isArray(listed) ? listed.filter(isStatus).slice(-MOST_KEPT) : [];
      return new Map(statuses.map((status) => [statusKey(status), status]));
    } catch {
      return new Map();
    }
  }

  /** @throws SystemError */
  write(statuses: SetStatuses): void {
    const kept = [...statuses.values()].slice(-MOST_KEPT);
    replaceFile(this.file, `${JSON.stringify({ statuses: kept })}\n`, 0o600);
  }
}

const STATES: readonly CommitState[] = ["pending", "running", "passed", "failed"];

function isStatus(value: unknown): value is CommitStatus {
  if (typeof value !== "object" || value === null) return false;
  const { commit, context, state, description, link }: Partial<Record<keyof CommitStatus, unknown>> = value;
  const isNamed =
    typeof commit === "string" && typeof context === "string" && typeof description === "string";
  return isNamed && STATES.some((one) => one === state) && (link === undefined || typeof link === "string");
}
