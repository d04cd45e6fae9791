import { printable } from "../../../protocol/printable.ts";
import type { PrometheusCheck } from "../../desired/gate-checks.ts";
import type { CheckAnswer } from "./observe-check.ts";

/**
 * The answer of Prometheus to an instant query (`/api/v1/query`, HTTP API v1), held against the threshold. Only one
 * number is an answer: a scalar, or a vector with one sample.
 */
export function readPrometheus(check: Pick<PrometheusCheck, "min" | "max">, body: string): CheckAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return none("Prometheus answers no JSON");
  }
  if (member(answer, "status") !== "success") {
    const error = member(answer, "error");
    return none(
      `Prometheus refuses the query: ${printable(typeof error === "string" ? error : "no reason", 200)}`,
    );
  }
  const data = member(answer, "data");
  const result = member(data, "result");
  const type = member(data, "resultType");
  if (type === "scalar") return judge(check, sampleValue(result));
  if (type !== "vector" || !Array.isArray(result))
    return none("Prometheus gives neither a scalar nor a vector");
  if (result.length !== 1) {
    return none(
      result.length === 0 ? "the query finds nothing" : `the query finds ${result.length} numbers, not one`,
    );
  }
  return judge(check, sampleValue(member(result[0], "value")));
}

/** `[time, "number"]` */
function sampleValue(sample: unknown): number {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  if (typeof text !== "string" || text.trim() === "") return Number.NaN;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

function judge({ min, max }: Pick<PrometheusCheck, "min" | "max">, value: number): CheckAnswer {
  if (Number.isNaN(value)) return none("the query gives no number");
  if (max !== undefined && value > max) return { kind: "fail", text: `${value}, more than ${max}` };
  if (min !== undefined && value < min) return { kind: "fail", text: `${value}, less than ${min}` };
  return { kind: "pass", text: `${value}, as it should be` };
}

function none(text: string): CheckAnswer {
  return { kind: "none", text };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
