import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ExpectationResult } from "./check-expectations.ts";
import { named } from "./expectation-findings.ts";

/** How one expectation fared, as data: what `fairlead expect --json` prints. */
export interface DescribedResult {
  readonly file: string;
  readonly line: number;
  readonly that: string;
  readonly state: "holds" | "broken" | "over" | "nobody";
  /** How many machines were looked at. */
  readonly machines: number;
  /** What is wrong with it. */
  readonly finding?: Diagnostic;
}

/** @param pathPrefix put before file names, with `/` at its end */
export function describeResults(
  results: readonly ExpectationResult[],
  diagnostics: readonly Diagnostic[],
  pathPrefix: string,
): DescribedResult[] {
  const byPlace = new Map(diagnostics.map((found) => [`${found.file}${found.pointer}`, found]));
  return results.map((result) => {
    const { document, index, said, demand } = result.expectation;
    const finding = byPlace.get(`${document.file}/expect/${index}/${demand.kind}`);
    return {
      file: `${pathPrefix}${document.file}`,
      line: document.spanOf(["expect", index, "that"], "key").line,
      that: said.that,
      state: stateOf(result),
      machines: "machines" in result ? result.machines : 0,
      ...(finding === undefined ? {} : { finding }),
    };
  });
}

function stateOf({ kind }: ExpectationResult): DescribedResult["state"] {
  return kind === "too-many" || kind === "too-large" ? "broken" : kind;
}

/** One line for each expectation: how it fared, where it stands, what it says. */
export function listResults(
  results: readonly ExpectationResult[],
  diagnostics: readonly Diagnostic[],
  pathPrefix: string,
): string {
  return describeResults(results, diagnostics, pathPrefix)
    .map(({ file, line, state }, index) => {
      const result = results[index];
      const sentence = result === undefined ? "" : named(result.expectation);
      return `${state.padEnd(6)}  ${file}:${line}  ${sentence}\n`;
    })
    .join("");
}

/** `3 expectations: 2 hold, 1 broken` */
export function summariseResults(results: readonly ExpectationResult[]): string {
  const count = (state: DescribedResult["state"]): number =>
    results.filter((result) => stateOf(result) === state).length;
  const parts = [
    ["hold", count("holds")],
    ["broken", count("broken")],
    ["over", count("over")],
    ["about nobody", count("nobody")],
  ] as const;
  const said = parts.flatMap(([words, many]) => (many === 0 ? [] : [`${many} ${words}`]));
  if (results.length === 0) return "no expectations: `fairlead expect --record` writes some";
  return `${results.length} expectation${results.length === 1 ? "" : "s"}: ${said.join(", ")}`;
}
