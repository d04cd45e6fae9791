import type { LoggedChange } from "../source/logged-commit.ts";
import { compareFacts } from "./compare-facts.ts";
import type { HistoryEvent } from "./history-event.ts";
import { factsOf, type StateFacts, tenantOfFile } from "./state-facts.ts";

const NOTHING: StateFacts = new Map();

/**
 * What one commit did, in the order of its files. Pure.
 *
 * @param files what `readPastFiles` gave for the commit
 */
export function eventsOf(
  changes: readonly LoggedChange[],
  files: ReadonlyMap<string, unknown>,
): HistoryEvent[] {
  return changes.flatMap(({ path, before, after }) =>
    compareFacts(path, factsAt(path, before, files), factsAt(path, after, files)),
  );
}

/** The tenants, products, channels and releases that came or went with their files. Pure. */
export function comingsOf(changes: readonly LoggedChange[]): HistoryEvent[] {
  return changes.flatMap(({ path, before, after }) => {
    if ((before === undefined) === (after === undefined)) return [];
    const scope = scopeOfFile(path);
    if (scope === undefined) return [];
    const kind = before === undefined ? "add" : "remove";
    return [{ kind, file: path, tenant: tenantOfFile(path), ...scope } as const];
  });
}

function scopeOfFile(
  path: string,
): Pick<HistoryEvent, "scope" | "product" | "channel" | "version"> | undefined {
  const tenant = tenantOfFile(path);
  if (tenant !== undefined) return { scope: `tenant ${tenant}` };
  const [, product, kind, name] =
    /^products\/([^/]+)\/(?:product|(channels|versions)\/([^/]+))\.yaml$/.exec(path) ?? [];
  if (product === undefined) return undefined;
  if (kind === "channels") return { scope: `channel ${product}/${name}`, product, channel: name };
  if (kind === "versions") return { scope: `release ${product} ${name}`, product, version: name };
  return { scope: `product ${product}`, product };
}

function factsAt(path: string, blob: string | undefined, files: ReadonlyMap<string, unknown>): StateFacts {
  const value = blob === undefined ? undefined : files.get(blob);
  return value === undefined ? NOTHING : factsOf(path, value);
}
