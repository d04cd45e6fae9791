import type { Evidence } from "./rollout-types.ts";

const SUPERSCRIPT = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"] as const;
/** What the gate does not tell apart any more. */
const MOST = 1e12;

/** Evidence as people read it: `0.008`, `0.23`, `1.4`, `22`, `1,400`, `10⁶`, `over 10¹²`. */
export function writeEvidence(evidence: number): string {
  if (evidence >= MOST) return `over ${power(12)}`;
  if (evidence >= 1e6) return power(Math.floor(Math.log10(evidence)));
  if (evidence >= 100) return Math.round(evidence).toLocaleString("en-US");
  if (evidence >= 10) return String(Math.round(evidence));
  if (evidence >= 1) return evidence.toFixed(1);
  if (evidence >= 0.1) return evidence.toFixed(2);
  return evidence < 0.001 ? "< 0.001" : evidence.toFixed(3);
}

/** A tick of the axis: `1,000`, `0.01`, `10⁶`. */
export function writePower(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (exponent >= 5 || exponent <= -5) return power(exponent);
  return exponent >= 0 ? (10 ** exponent).toLocaleString("en-US") : value.toFixed(-exponent);
}

function power(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)] ?? "").join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

export function nameOfTest({ platform }: Evidence["tests"][number]): string {
  return platform ?? "all machines";
}

/** What the chart shows, as a sentence for who does not see it. */
export function evidenceSentence({ tests }: Evidence): string {
  const over = tests.filter((test) => Math.max(...numbersOf(test)) >= test.needed);
  const names = (some: readonly Evidence["tests"][number][]): string => some.map(nameOfTest).join(", ");
  if (over.length === 0) {
    const highest = tests.toSorted((a, b) => (b.evidence.at(-1) ?? 0) - (a.evidence.at(-1) ?? 0))[0];
    if (highest === undefined) return "Evidence against the version: nothing is tested yet";
    const now = writeEvidence(highest.evidence.at(-1) ?? 0);
    return `Evidence over time on a logarithmic axis: none reached its line; highest is ${nameOfTest(highest)} at ${now} of ${Math.round(highest.needed)}`;
  }
  const [first] = over;
  const rest = tests.length - over.length;
  const line = first === undefined ? "its line" : `the line at ${Math.round(first.needed)}`;
  return `Evidence over time on a logarithmic axis: ${names(over)} crossed ${line}${rest === 0 ? "" : `, ${rest} others did not`}`;
}

export function numbersOf({ evidence }: Evidence["tests"][number]): number[] {
  return evidence.flatMap((each) => each ?? []);
}
