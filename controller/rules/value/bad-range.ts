import { COUNTED_FACTS } from "../../../protocol/requirements.ts";
import { isRange } from "../../../protocol/version.ts";
import type { RequiresState, VersionState } from "../../../schemas/state.generated.ts";
import { schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const valueBadRange: ProductRule = {
  id: "value/bad-range",
  severity: "error",
  summary: "a value is not a range of versions",
  explanation:
    "`upgradeFrom` and `rollbackTo` are ranges: comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`, in the product's version scheme. What `requires` says of counted facts is one too, of numbers parted by dots: `>=2.31`. A range that cannot be read would match nothing, or everything.",
  failing: {
    files: { "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'upgradeFrom: "from 1.0.0 on"\n') },
  },
  passing: {
    files: { "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'upgradeFrom: ">=1.0.0"\n') },
  },
  *checkProduct(product) {
    const scheme = schemeOf(product);
    const sound = new Set<string>();
    for (const document of product.versions.values()) {
      for (const key of ["upgradeFrom", "rollbackTo"] as const) {
        const range = document.value[key];
        if (range === undefined || sound.has(range)) continue;
        if (isRange(scheme, range)) {
          sound.add(range);
          continue;
        }
        yield {
          message: `\`${range}\` is not a range of ${scheme} versions`,
          at: { document, path: [key] },
          help: "write comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`",
        };
      }
      for (const { path, range } of factRanges(document.value)) {
        if (isRange("dotted", range)) continue;
        yield {
          message: `\`${range}\` is not a range`,
          at: { document, path },
          help: "write numbers parted by dots with comparators, such as `>=2.31`, alternatives joined by `||`",
        };
      }
    }
  },
};

type FactRanges = { readonly path: (string | number)[]; readonly range: string }[];

function factRanges({ requires, artifacts }: VersionState): FactRanges {
  return [
    ...rangesOf(requires, ["requires"]),
    ...artifacts.flatMap((artifact, index) => rangesOf(artifact.requires, ["artifacts", index, "requires"])),
  ];
}

function rangesOf(requires: RequiresState | undefined, path: readonly (string | number)[]): FactRanges {
  if (requires === undefined) return [];
  return [
    ...COUNTED_FACTS.flatMap((name) => {
      const range = requires[name];
      return range === undefined ? [] : [{ path: [...path, name], range }];
    }),
    ...Object.entries(requires.os ?? {}).map(([id, range]) => ({ path: [...path, "os", id], range })),
  ];
}
