import { join } from "node:path";
import type { Proposal, StandingProposal } from "../desired/proposal.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";

/** What was proposed once. It is not proposed again, also when somebody has deleted the branch. */
export interface KeptProposal {
  readonly branch: string;
  /** Of what it follows from ({@link Proposal}). */
  readonly since: number;
  readonly state: "open" | "found";
  /** Of `open`. */
  readonly commit?: string;
  /** Seconds since 1970. */
  readonly at: number;
}

const FILE = "proposals.json";
const MOST_BYTES = 1024 * 1024;
/** Older ones are forgotten: their branches stand in the way of a second one, or were deleted long ago. */
const MOST_KEPT = 1000;

/** What was proposed, in the state folder. Where the file is lost or damaged, the branches in git still tell. */
export class KeptProposals {
  private readonly file: string;
  private kept: readonly KeptProposal[];

  constructor(stateFolder: string) {
    this.file = join(stateFolder, FILE);
    this.kept = read(this.file);
  }

  find(branch: string, { since }: Pick<Proposal, "since">): KeptProposal | undefined {
    return this.kept.find((one) => one.branch === branch && one.since === since);
  }

  /** @throws SystemError; what is remembered in this process is remembered all the same */
  add(proposal: KeptProposal): void {
    this.kept = [proposal, ...this.kept].slice(0, MOST_KEPT);
    replaceFile(this.file, `${JSON.stringify({ proposals: this.kept }, undefined, 2)}\n`, 0o600);
  }
}

function read(file: string): KeptProposal[] {
  try {
    const said: unknown = JSON.parse(readBounded(file, MOST_BYTES)?.toString("utf8") ?? "{}");
    const listed = typeof said === "object" && said !== null && "proposals" in said ? said.proposals : [];
    return Array.isArray(listed) ? listed.filter(isKept).slice(0, MOST_KEPT) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is KeptProposal {
  if (typeof value !== "object" || value === null) return false;
  const { branch, since, state, commit, at }: Partial<Record<keyof KeptProposal, unknown>> = value;
  const isNamed = typeof branch === "string" && Number.isSafeInteger(since) && Number.isSafeInteger(at);
  const isWhole = state === "found" || (state === "open" && typeof commit === "string");
  return isNamed && isWhole;
}

/** As it is shown while it stands. */
export function standingOf(
  { kind, product, channel, version }: Proposal,
  { branch, state, commit, at }: KeptProposal,
): StandingProposal {
  return { kind, product, channel, version, branch, state, at, ...(commit === undefined ? {} : { commit }) };
}
