import { quote } from "../../protocol/printable.ts";
import type { TargetFile, TargetsRole } from "../../protocol/tuf/roles.ts";
import { MAX_ROLES_SEARCHED } from "./limits.ts";
import { delegationMatches } from "./match-path.ts";
import { TrustError } from "./trust-error.ts";
import type { Delegator } from "./verify-roles.ts";

/** A target with the role that speaks for it. */
export interface FoundTarget {
  readonly role: string;
  /** How the search came to that role: each was delegated by the one before it, the first by `targets`. */
  readonly delegatedBy: readonly string[];
  readonly file: TargetFile;
}

/**
 * TUF 1.0, section 5.6.7: preorder, depth first, in the order of the delegations. Each role is looked at once, at most
 * `MAX_ROLES_SEARCHED` in all; a terminating delegation that matches ends the search whether it knows the target
 * or not.
 *
 * @param load verifies a delegated role; called only for delegations that match the path
 * @param chain the only roles that may be followed, from `targets` down; absent: any
 * @throws TrustError `trust/wrong-role` for a matching delegation to a role that is not in the chain; and as `load`
 */
export async function findTargetFile(
  path: string,
  top: TargetsRole,
  load: (name: string, delegator: Delegator, parent: string) => Promise<TargetsRole>,
  chain?: readonly string[],
): Promise<FoundTarget | undefined> {
  type Step = {
    readonly name: string;
    readonly above: readonly string[];
    readonly open: () => Promise<TargetsRole>;
  };
  let pending: Step[] = [{ name: "targets", above: [], open: async () => top }];
  const visited = new Set<string>();
  while (visited.size < MAX_ROLES_SEARCHED) {
    const step = pending.pop();
    if (step === undefined) return undefined;
    if (visited.has(step.name)) continue;
    visited.add(step.name);
    const role = await step.open();
    const file = Object.hasOwn(role.targets, path) ? role.targets[path] : undefined;
    if (file !== undefined) return { role: step.name, delegatedBy: step.above, file };
    const children: Step[] = [];
    const keys = role.delegations?.keys ?? {};
    for (const delegated of role.delegations?.roles ?? []) {
      if (!delegationMatches(delegated, path)) continue;
      children.push({
        name: delegated.name,
        above: [...step.above, step.name],
        open: () => {
          requireInChain(path, chain, step.above.length, delegated.name);
          return load(delegated.name, { keys, role: delegated }, step.name);
        },
      });
      if (delegated.terminating) {
        pending = [];
        break;
      }
    }
    pending.push(...children.reverse());
  }
  return undefined;
}

/** Before the role is fetched: what may not speak for the path must not fill the disk either. */
function requireInChain(
  path: string,
  chain: readonly string[] | undefined,
  depth: number,
  role: string,
): void {
  if (chain === undefined || chain[depth] === role) return;
  const expected = chain[depth] === undefined ? "no further role" : `role ${quote(chain[depth])}`;
  throw new TrustError("trust/wrong-role", `${path}: expected ${expected}, got ${quote(role)}`, {
    help: "the delegations of this repository are wrong; ask whoever holds its targets key",
  });
}
