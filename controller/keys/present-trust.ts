import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrustFiles } from "../state/fleet-model.ts";
import { readWorktreeState, type WorktreeState } from "../state/read-worktree-state.ts";
import type { TrustHolders } from "../trust/build-trust.ts";
import { type TrustRoles, verifyTrust } from "../trust/verify-trust.ts";
import { holdersOf } from "./holders.ts";
import { KeyError } from "./key-error.ts";
import { documentsOf, type TrustDocuments } from "./trust-documents.ts";

/** The `trust/` folder on disk that a ceremony starts from. */
export interface PresentTrust {
  readonly state: WorktreeState;
  readonly files: TrustFiles;
  readonly documents: TrustDocuments;
  /** What of it verified. */
  readonly roles: TrustRoles;
  readonly holders: TrustHolders;
}

/**
 * Reads what is in force. Root and delegations must be signed; that they have expired is a reason to hold a ceremony, not
 * against it. Whatever else is wrong with the state does not matter.
 *
 * @param root the state root
 * @throws KeyError `keys/no-trust`, `keys/trust-invalid`; WorktreeStateError, SourceError
 */
export async function readPresentTrust(root: string, now: number): Promise<PresentTrust> {
  const state = await readWorktreeState(root);
  const files = state.trust();
  if (files === undefined) {
    throw new KeyError("keys/no-trust", "the state has no trust/ folder, so there are no keys to change", {
      help: "make the first keys with `fairlead keys init`",
    });
  }
  const { problems, roles } = verifyTrust(files, now);
  if (roles.root === undefined || roles.targets === undefined) {
    const problem = problems.find(({ severity, kind }) => severity === "error" && kind !== "expired");
    const what = problem === undefined ? "trust/ is incomplete" : `${problem.file}: ${problem.message}`;
    throw new KeyError("keys/trust-invalid", what, {
      help: problem?.help ?? "`fairlead validate` says what is wrong with it",
    });
  }
  const documents = documentsOf(files);
  const { root: rootDocument, targets } = documents;
  const holders = holdersOf(rootDocument?.role ?? roles.root, targets?.role ?? roles.targets);
  return { state, files, documents, roles, holders };
}

/**
 * Reads a state that has no keys yet.
 *
 * @throws KeyError `keys/exists`; SourceError
 */
export async function readUntrustedState(root: string): Promise<WorktreeState> {
  const trust = join(root, "trust");
  if (!existsSync(trust)) return readWorktreeState(root);
  throw new KeyError("keys/exists", `\`${trust}\` is there already, and agents trust what it says`, {
    help: "change it with `fairlead keys rotate`, `revoke`, `add-holder` or `add-product`",
  });
}
