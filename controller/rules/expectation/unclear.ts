import { parseDate } from "../../../protocol/date.ts";
import { parseDuration } from "../../../protocol/duration.ts";
import { MAX_WINDOW_SECONDS } from "../../../protocol/update-window.ts";
import { isRange } from "../../../protocol/version.ts";
import type { ExpectationState } from "../../../schemas/state.generated.ts";
import { schemeOf } from "../../state/product-versions.ts";
import type { SoundState } from "../../state/sound-state.ts";
import type { StateRule } from "../rule.ts";

const DEMANDS = ["decides", "never", "atMost", "notDuring"] as const;

interface Fault {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly help: string;
}

export const expectationUnclear: StateRule = {
  id: "expectation/unclear",
  severity: "error",
  summary: "an expectation cannot be looked at as it is written",
  explanation:
    "An expectation says exactly one of `decides`, `never`, `atMost` and `notDuring`, in a sentence of its own (`that`), for a time that there is, and for versions that the product's scheme can read. What could be read in two ways would be looked at in one, and a test that looks at something else than its author meant is worse than none.",
  failing: {
    files: {
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays, and never gets beta\n    for: {tenant: acme}\n    decides: {version: 1.1.0}\n    never: {channel: beta}\n",
    },
  },
  passing: {
    files: {
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays\n    for: {tenant: acme}\n    decides: {version: 1.1.0}\n  - that: the press line never gets beta\n    for: {tenant: acme}\n    never: {channel: beta}\n",
    },
  },
  *check({ state }) {
    for (const document of state.expectations.values()) {
      const known = new Set<string>();
      for (const [index, said] of document.value.expect.entries()) {
        for (const { message, path, help } of faultsOf(said, state, known)) {
          yield { message, at: { document, path: ["expect", index, ...path] }, help };
        }
        known.add(said.that);
      }
    }
  },
};

function* faultsOf(said: ExpectationState, state: SoundState, known: ReadonlySet<string>): Generator<Fault> {
  if (known.has(said.that)) {
    const help = "say what is different about it";
    yield { message: "another expectation of this file says the same in `that`", path: ["that"], help };
  }
  const [first, second] = DEMANDS.filter((key) => said[key] !== undefined);
  const all = DEMANDS.map((key) => `\`${key}\``).join(", ");
  if (first === undefined) {
    yield { message: "the expectation asks for nothing", path: ["that"], help: `add one of ${all}` };
  } else if (second !== undefined) {
    const message = `an expectation cannot ask for \`${first}\` and \`${second}\` at once`;
    yield { message, path: [second], help: "write two expectations" };
  }
  const { at, from, until } = said;
  if (at !== undefined && (from ?? until) !== undefined) {
    const message = "`at` is one time, and goes with neither `from` nor `until`";
    yield { message, path: ["at"], help: "write the one or the other" };
  }
  if (from !== undefined && until !== undefined && parseDate(from) >= parseDate(until)) {
    const message = "the expectation ends before it begins";
    yield { message, path: ["until"], help: "write an `until` that is later than `from`" };
  }
  const { tenant, site, group } = said.for ?? {};
  const place = site === undefined ? "group" : "site";
  if (tenant === undefined && (site ?? group) !== undefined) {
    const message = `a ${place} is one of a tenant, and none is named`;
    yield { message, path: ["for", place], help: "add `tenant: ...`" };
  }
  const length = said.notDuring?.duration;
  if (length !== undefined && !isLengthOfPeriod(parseDuration(length))) {
    const help = `write a length of time of at most ${MAX_WINDOW_SECONDS / 3600}h, and more days`;
    yield {
      message: `\`${length}\` is longer than a day, or nothing`,
      path: ["notDuring", "duration"],
      help,
    };
  }
  for (const key of ["decides", "never"] as const) {
    const range = said[key]?.version;
    if (range === undefined) continue;
    const scheme = unreadableBy(range, said.for?.product, state);
    if (scheme === undefined) continue;
    const message = `\`${range}\` is neither a ${scheme} version nor a range of them`;
    const help = "write a version, or comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`";
    yield { message, path: [key, "version"], help };
  }
}

function isLengthOfPeriod(seconds: number): boolean {
  return seconds > 0 && seconds <= MAX_WINDOW_SECONDS;
}

/** The scheme of a product that the expectation is about, and that cannot read the range. */
function unreadableBy(
  range: string,
  product: string | undefined,
  { products }: SoundState,
): string | undefined {
  const concerned = product === undefined ? [...products.values()] : [products.get(product)];
  return concerned
    .flatMap((each) => (each === undefined ? [] : [schemeOf(each)]))
    .find((scheme) => !isRange(scheme, range));
}
