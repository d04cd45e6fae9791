import { formatTime } from "../../protocol/trail.ts";
import { type Proposal, proposalBranch } from "../desired/proposal.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Edit, EditContext } from "../edit/edit.ts";
import { EditError } from "../edit/edit-error.ts";
import { haltVersion } from "../edit/halt-version.ts";
import { overlaySnapshot } from "../edit/overlay-state.ts";
import { promoteVersion } from "../edit/promote-version.ts";
import { StateFiles } from "../edit/state-files.ts";
import { checkState } from "../rules/check-state.ts";
import type { NewBranch } from "../source/branch-writer.ts";
import type { ProductFiles } from "../source/read-product.ts";

/** Who proposes. */
export interface Proposer {
  readonly name: string;
  readonly mail: string;
}

/** As state has it (`common.schema.json`). */
const MOST_REASON = 500;

/**
 * The commit of a proposal, on top of the one that is served. Pure.
 *
 * @param files what the served commit says of the product
 * @param now   seconds since 1970
 * @throws EditError where the change cannot be made, or would make a mistake in the state
 */
export function buildBranch(
  proposal: Proposal,
  { snapshot, root }: ProductFiles,
  by: Proposer,
  now: number,
): NewBranch {
  const edit = editOf(proposal, { files: new StateFiles(snapshot), histories: new Map(), now });
  const before = checkState(snapshot, { now });
  const after = checkState(overlaySnapshot(snapshot, edit.changes, now), { now });
  requireNoNewError(before.diagnostics, after.diagnostics);
  const prefix = root === "" ? "" : `${root}/`;
  return {
    name: proposalBranch(proposal),
    base: snapshot.commit,
    files: new Map(edit.changes.map(({ path, after: text }) => [`${prefix}${path}`, text])),
    message: `${edit.subject}\n\n${bodyOf(proposal, snapshot.commit)}`,
    by,
    at: now,
  };
}

function editOf(proposal: Proposal, context: EditContext): Edit {
  const { product, channel, version } = proposal;
  switch (proposal.kind) {
    case "halt":
      return haltVersion(context, {
        product,
        channel,
        version,
        reason: proposal.reason.slice(0, MOST_REASON),
      });
    case "promotion":
      return promoteVersion(context, { product, source: { version }, to: channel });
  }
}

function bodyOf(proposal: Proposal, commit: string): string {
  const since = formatTime(proposal.since);
  switch (proposal.kind) {
    case "halt":
      return [
        `The gate halted it at ${since}, by what devices reported:`,
        `${proposal.reason}.`,
        "",
        "The halt holds already, in what the controller signs. Merge this to have it",
        "stand in git as well. To let the version go on instead, delete the branch and",
        `run \`fairlead resume --product ${proposal.product} --channel ${proposal.channel} --halt --reason ...\`.`,
        "",
        `Served-commit: ${commit}`,
        "",
      ].join("\n");
    case "promotion":
      return [
        `Follows ${proposal.from}, where it was published at ${since}:`,
        `${proposal.why}.`,
        "",
        "Nothing moves before this is merged.",
        "",
        `Served-commit: ${commit}`,
        "",
      ].join("\n");
  }
}

/** Only the product's own files were read, so what is missing beside them was missing before as well. */
function requireNoNewError(before: readonly Diagnostic[], after: readonly Diagnostic[]): void {
  const known = new Set(before.map(keyOf));
  const brought = after.find((one) => one.severity === "error" && !known.has(keyOf(one)));
  if (brought === undefined) return;
  const { rule, file, message } = brought;
  throw new EditError(
    "edit/invalid-state",
    `the change would break the state: ${file}: ${rule}: ${message}`,
    {
      help: "make the change by hand, together with what it needs",
    },
  );
}

function keyOf({ rule, file, message }: Diagnostic): string {
  return `${rule}\0${file}\0${message}`;
}
