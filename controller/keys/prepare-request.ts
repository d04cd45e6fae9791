import type { WorktreeState } from "../state/read-worktree-state.ts";
import type { ProductToSign } from "../trust/release-index.ts";
import type { Ceremony } from "./ceremonies.ts";
import { requireSoundRequest } from "./check-request.ts";
import type { PresentTrust } from "./present-trust.ts";
import { propose } from "./propose.ts";
import type { SigningRequest } from "./signing-request.ts";
import type { TrustDocuments } from "./trust-documents.ts";

/** The request for the first keys of a state. @throws KeyError, WorktreeStateError */
export function requestFirstTrust(state: WorktreeState, ceremony: Ceremony, now: number): SigningRequest {
  return prepare({ indexes: new Map() }, { indexes: new Map() }, state, ceremony, now);
}

/** The request for a change of what is in force. @throws KeyError, WorktreeStateError */
export function requestChange(present: PresentTrust, ceremony: Ceremony, now: number): SigningRequest {
  const { documents, roles, state } = present;
  // An index that did not verify still says which version the next one must be above, and nothing else.
  const verified = new Map([...documents.indexes].filter(([product]) => roles.releases.has(product)));
  return prepare(documents, { ...documents, indexes: verified }, state, ceremony, now);
}

function prepare(
  present: TrustDocuments,
  verified: TrustDocuments,
  state: WorktreeState,
  { purpose, ...wanted }: Ceremony,
  now: number,
): SigningRequest {
  const productOf = (name: string): ProductToSign => state.product(name);
  const proposed = propose(present, { ...wanted, productOf }, now);
  const shown = new Map([...verified.indexes].filter(([product]) => proposed.indexes.has(product)));
  const request = { purpose, madeAt: now, present: { ...verified, indexes: shown }, proposed };
  requireSoundRequest(request, now);
  return request;
}
