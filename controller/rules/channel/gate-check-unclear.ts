import type { CheckState } from "../../../schemas/state.generated.ts";
import type { ProductRule } from "../rule.ts";

/** What a query or an address may leave open, filled in with what is rolled out. */
const PLACEHOLDERS = ["product", "channel", "version"] as const;

export const channelGateCheckUnclear: ProductRule = {
  id: "channel/gate-check-unclear",
  severity: "error",
  summary: "a check of a gate asks nothing, or nothing that can be answered",
  explanation:
    "A check asks one thing: a number of Prometheus that is held against a threshold, or an address that is fetched. A check that asks neither, or both, or a number that no threshold lets pass, would halt a rollout or never speak; so would two checks of one name, or an address that cannot be asked. Users and passwords in an address would be read by everybody who reads the state: they belong to the controller's settings.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate:\n    maxFailureRate: 2%\n    minReports: 20\n    checks:\n      - {name: errors, prometheus: {query: 'rate(errors{version=\"{{verison}}\"}[5m])', threshold: {min: 2, max: 1}}}\n      - {name: nothing}\n      - {name: page, http: {url: 'https://user:secret@api.acme.example/'}}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate:\n    maxFailureRate: 2%\n    minReports: 20\n    checks:\n      - {name: errors, prometheus: {query: 'rate(errors{version=\"{{version}}\"}[5m])', threshold: {max: 1}}}\n      - {name: page, http: {url: 'https://api.acme.example/'}, window: 10m}\n",
    },
  },
  *checkProduct(product) {
    for (const document of product.channels.values()) {
      const names = new Set<string>();
      for (const [index, check] of (document.value.rollout?.gate?.checks ?? []).entries()) {
        const path = ["rollout", "gate", "checks", index];
        for (const { problem, at, help } of problemsOf(check, names)) {
          yield {
            message: `check \`${check.name}\` ${problem}`,
            at: { document, path: [...path, ...at] },
            help,
          };
        }
        names.add(check.name);
      }
    }
  },
};

interface Problem {
  readonly problem: string;
  readonly at: readonly string[];
  readonly help: string;
}

function* problemsOf(
  { name, prometheus, http }: CheckState,
  before: ReadonlySet<string>,
): Generator<Problem> {
  if (before.has(name)) {
    yield { problem: "has the name of another", at: ["name"], help: "give each check a name of its own" };
  }
  if ((prometheus === undefined) === (http === undefined)) {
    yield {
      problem: prometheus === undefined ? "asks nothing" : "asks two things",
      at: [],
      help: "write `prometheus` or `http`, one of them; two questions are two checks",
    };
  }
  if (prometheus !== undefined) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = prometheus.threshold;
    if (min > max || (min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY)) {
      yield {
        problem: min > max ? "lets no number pass" : "lets every number pass",
        at: ["prometheus", "threshold"],
        help: "write what the number has to be at least (`min`), at most (`max`), or both",
      };
    }
    yield* placeholderProblems(prometheus.query, ["prometheus", "query"]);
  }
  for (const [url, at] of [
    [prometheus?.url, ["prometheus", "url"]],
    [http?.url, ["http", "url"]],
  ] as const) {
    if (url === undefined) continue;
    yield* placeholderProblems(url, at);
    const problem = addressProblem(url);
    if (problem !== undefined) {
      yield { problem, at, help: "write it whole, such as `https://metrics.acme.example/`" };
    }
  }
}

function* placeholderProblems(text: string, at: readonly string[]): Generator<Problem> {
  for (const [whole, inner = ""] of text.matchAll(/\{\{(.*?)\}\}/g)) {
    if ((PLACEHOLDERS as readonly string[]).includes(inner)) continue;
    yield {
      problem: `leaves \`${whole.slice(0, 40)}\` open, which nothing fills in`,
      at,
      help: `there are ${PLACEHOLDERS.map((name) => `\`{{${name}}}\``).join(", ")}`,
    };
  }
}

function addressProblem(url: string): string | undefined {
  const filled = url.replaceAll(/\{\{.*?\}\}/g, "x");
  if (!URL.canParse(filled)) return "has an address that cannot be read";
  const { protocol, username, password } = new URL(filled);
  if (protocol !== "https:" && protocol !== "http:") return "has an address that is neither http nor https";
  return username === "" && password === "" ? undefined : "names a user or a password in its address";
}
