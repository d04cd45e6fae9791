import type { ProductRule } from "../rule.ts";

/** The keys of a channel that hold a percentage. */
const SHARES: ReadonlySet<string> = new Set(["percent", "share", "maxFailureRate", "maxTenantShare"]);

export const valueShareWithoutSign: ProductRule = {
  id: "value/share-without-sign",
  severity: "warning",
  summary: "a share below 1 has no percent sign, and may be meant as a fraction",
  explanation:
    "`percent: 0.05` is 0.05 %, one machine of 2,000. Whoever thinks in fractions means 5 %, one of 20. With the sign, both read the same.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 0.05, after: 0s}, {percent: 100, after: 1d}]}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 0.05%, after: 0s}, {percent: 100, after: 1d}]}\n",
    },
  },
  *checkProduct(product) {
    for (const document of product.channels.values()) {
      for (const { path, text } of bareFractions(document.value.rollout, ["rollout"])) {
        yield {
          message: `\`${text}\` is ${text} %, not ${Number((Number(text) * 100).toPrecision(12))} %`,
          at: { document, path },
          help: `write \`${text}%\`, or \`${Number((Number(text) * 100).toPrecision(12))}%\` where that is meant`,
        };
      }
    }
  },
};

interface BareFraction {
  readonly path: readonly (string | number)[];
  /** As it reads. */
  readonly text: string;
}

function* bareFractions(value: unknown, path: readonly (string | number)[]): Generator<BareFraction> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* bareFractions(item, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* bareFractions(inner, [...path, key]);
  } else if (SHARES.has(String(path.at(-1)))) {
    const text = String(value);
    // What is smaller still is told as a wave that reaches nobody.
    if (/^0\.\d+$/.test(text) && Number(text) >= 0.01) yield { path, text };
  }
}
