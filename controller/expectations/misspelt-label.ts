import { matchedFact } from "../../protocol/match-device.ts";
import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import { nearestMatch } from "../diagnostics/nearest-match.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";

/** A label that an expectation selects by and nobody has, with the one that was probably meant: `rign=canary`, `ring=canary`. */
export interface MisspeltLabel {
  readonly label: string;
  readonly meant: string;
}

/** The labels that are known: names by which groups of tenants select, and all of an inventory. */
export class KnownLabels {
  private readonly names = new Set<string>();
  private readonly values = new Map<string, Set<string>>();

  constructor({ tenants }: Pick<DesiredState, "tenants">) {
    for (const { groups } of tenants.values()) {
      for (const { match = {} } of groups) {
        for (const name of Object.keys(match)) if (matchedFact(name) === undefined) this.names.add(name);
      }
    }
  }

  add({ labels = {} }: InventoryRecord): void {
    for (const [name, value] of Object.entries(labels)) {
      this.names.add(name);
      const values = this.values.get(name);
      if (values === undefined) this.values.set(name, new Set([value]));
      else values.add(value);
    }
  }

  /**
   * The first label of a scope that nobody has and that is nearly one that is known. Labels are given when machines enrol,
   * so that one like none may be right; of values only an inventory knows any, and others that count (`line-2`) are no
   * slips.
   */
  misspeltIn({ labels = {} }: Pick<ExpectedScopeState, "labels">): MisspeltLabel | undefined {
    for (const [name, said] of Object.entries(labels)) {
      const wanted = [said].flat();
      const [first = ""] = wanted;
      const meant = this.names.has(name) ? undefined : nearest(name, this.names);
      if (meant !== undefined) return { label: `${name}=${first}`, meant: `${meant}=${first}` };
      const values = this.values.get(name);
      if (values === undefined || wanted.some((value) => values.has(value))) continue;
      for (const value of wanted) {
        const near = nearest(value, values);
        if (near !== undefined) return { label: `${name}=${value}`, meant: `${name}=${near}` };
      }
    }
    return undefined;
  }
}

function nearest(word: string, known: ReadonlySet<string>): string | undefined {
  const shape = withoutDigits(word);
  return nearestMatch(
    word,
    [...known].filter((each) => withoutDigits(each) !== shape),
  );
}

function withoutDigits(word: string): string {
  return word.replaceAll(/\d+/g, "#");
}
