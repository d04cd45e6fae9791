import type { Command } from "commander";
import { committedState } from "../edit/committed-state.ts";
import { type PendingPromotion, pendingPromotions, whyOf, writtenEvidence } from "../edit/due-promotions.ts";
import { branchFor, type EditBuilder } from "../edit/edit.ts";
import { EditError } from "../edit/edit-error.ts";
import { promoteVersion } from "../edit/promote-version.ts";
import { WorkTree } from "../edit/work-tree.ts";
import { locateState } from "../source/locate-state.ts";
import { type EditOptions, inventoryOf, performEdit, reportOf, runEdit } from "./edit-command.ts";

/** `--due` lists by default: nothing is promoted unless a branch to propose it on is asked for. */
export async function promoteDue(
  command: Command,
  options: EditOptions & { readonly product?: string },
): Promise<void> {
  const location = locateState(process.cwd(), options.root);
  const now = Math.floor(Date.now() / 1000);
  const { model, histories = new Map() } = await committedState(location, now);
  if (model === undefined) {
    throw new EditError("edit/invalid-state", "the state has errors, so nothing can be promoted from it", {
      help: "run `fairlead validate`",
    });
  }
  const inventory = await inventoryOf(options);
  const pending = pendingPromotions(model, writtenEvidence(histories, inventory?.records), now).filter(
    ({ product }) => options.product === undefined || options.product === product,
  );
  const due = pending.filter((promotion) => promotion.due);
  const isProposing = options.branch !== undefined || options.pr === true;
  if (typeof options.branch === "string" && due.length > 1) {
    throw new EditError(
      "edit/bad-argument",
      `${due.length} promotions are due, and each gets a branch of its own`,
      {
        help: "leave the name out: --branch",
      },
    );
  }

  if (options.json !== true) process.stdout.write(describe(pending));
  const proposals: object[] = [];
  const tree = WorkTree.open(location);
  for (const promotion of isProposing ? due : []) {
    const name = typeof options.branch === "string" ? options.branch : branchFor(subjectOf(promotion));
    if (await tree.hasBranch(name)) {
      if (options.json !== true) process.stdout.write(`\nalready proposed on ${name}\n`);
      continue;
    }
    const chosen = { ...options, branch: name };
    if (options.json === true) {
      const performed = await performEdit(command, chosen, builderOf(promotion), () => undefined);
      proposals.push(reportOf(performed));
    } else {
      process.stdout.write("\n");
      await runEdit(command, chosen, builderOf(promotion));
    }
  }
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ pending, proposals }, undefined, 2)}\n`);
  else if (due.length > 0 && !isProposing)
    process.stdout.write("\nadd --branch or --pr to propose what is due\n");
}

function subjectOf({ product, channel, version }: PendingPromotion): string {
  return `promote ${product} ${version} to ${channel}`;
}

function builderOf(promotion: PendingPromotion): EditBuilder {
  const { product, channel: to, version, from } = promotion;
  const why = whyOf(promotion);
  return (context) => ({
    ...promoteVersion(context, { product, source: { version }, to }),
    reason: `Follows ${from}: ${why}.`,
  });
}

function describe(pending: readonly PendingPromotion[]): string {
  if (pending.length === 0) return "every channel is where the one that it follows is\n";
  return pending
    .map(({ product, channel, current, version, from, due, conditions }) => {
      const found = conditions.map(({ met, text }) => `  ${met ? "yes" : "no "}  ${text}\n`).join("");
      return `${due ? "due    " : "not yet"}  ${product} ${channel}: ${current} -> ${version} (from ${from})\n${found}`;
    })
    .join("");
}
