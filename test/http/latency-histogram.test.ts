import assert from "node:assert/strict";
import { test } from "node:test";
import { Histogram, Registry } from "prom-client";
import { LatencyHistogram } from "../../controller/http/latency-histogram.ts";

test("times of answers are told as prom-client tells them", async () => {
  const registry = new Registry();
  const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
  const options = { name: "answer_seconds", help: "How long.", labelNames: ["route"], buckets };
  const theirs = new Histogram({ ...options, registers: [registry] });
  const ours = new LatencyHistogram("answer_seconds", "How long.");
  for (const route of ["/tuf/*", 'a "quoted\\ one']) {
    for (const seconds of [0, 0.0005, 0.00051, 0.3, 60, 61, 0.25]) {
      theirs.observe({ route }, seconds);
      ours.observe(route, seconds);
    }
  }
  assert.equal(ours.text(), await registry.metrics());
});
