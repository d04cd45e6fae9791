import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stringify } from "yaml";
import { temporaryFolder } from "../serve/serve-process.ts";
import { lacks, run, TOP } from "../support/run-command.ts";
import { printedMetrics, samplesOf } from "./printed-metrics.ts";

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const DASHBOARD = JSON.parse(
  readFileSync(join(TOP, "deploy", "grafana", "fairlead.json"), "utf8"),
) as Dashboard;

/** Everything that the dashboard asks Prometheus, and where. */
function questions(): { readonly where: string; readonly expr: string; readonly legend: string }[] {
  return [
    ...DASHBOARD.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, legendFormat = "" }) => ({ where: title, expr, legend: legendFormat })),
    ),
    ...DASHBOARD.annotations.list.map(({ expr }) => ({ where: "annotations", expr, legend: "" })),
  ];
}

/** Words of PromQL that are no metric. */
const WORDS = new Set(
  "sum min max avg count by without on ignoring rate increase histogram_quantile and or unless offset label_values".split(
    " ",
  ),
);

/** The metrics of an expression, with the text of what stands in their braces. */
function metricsOf(expr: string): { readonly metric: string; readonly matchers: string }[] {
  // Lists of labels hold names that are no metric.
  const plain = expr.replaceAll(/\b(?:by|without|on|ignoring) \([^)]*\)/g, "");
  const found = [...plain.matchAll(/(?<![\w$"])([a-z_][a-z0-9_]*)(?:\{([^}]*)\})?(?=[\s[)/>=,]|$)/g)];
  return found.flatMap(([, metric = "", matchers = ""]) => (WORDS.has(metric) ? [] : [{ metric, matchers }]));
}

test("every panel of the Grafana dashboard asks for metrics, labels and values that a running controller prints", async (t) => {
  const samples = samplesOf(await printedMetrics(t));
  const asked = new Set<string>();
  assert.ok(questions().length > 25);
  for (const { where, expr, legend } of questions()) {
    const metrics = metricsOf(expr);
    assert.ok(metrics.length > 0, `${where} asks for nothing: ${expr}`);
    const labels = new Set<string>();
    for (const { metric, matchers } of metrics) {
      asked.add(metric);
      const found = samples.filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
      assert.ok(found.length > 0, `${where} asks for ${metric}`);
      for (const line of found) for (const [, name = ""] of line.matchAll(/[{,](\w+)="/g)) labels.add(name);
      for (const [, name = "", operator = "", value = ""] of matchers.matchAll(
        /(\w+)(=~|!~|!=|=)"([^"]*)"/g,
      )) {
        // Prometheus itself adds that one.
        if (name === "instance") continue;
        assert.ok(labels.has(name), `${where}: ${metric} has no label ${name}`);
        if (value.startsWith("$") || operator.startsWith("!")) continue;
        for (const one of value.split("|")) {
          assert.ok(
            found.some((line) => line.includes(`${name}="${one}"`)),
            `${where}: no ${metric} has ${name}="${one}"`,
          );
        }
      }
    }
    for (const [, name = ""] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
      assert.ok(name === "instance" || labels.has(name), `${where}: the legend names ${name}`);
    }
  }
  // What the page says needs a person is on the dashboard as well.
  const needed = [
    ...["fairlead_channel_halted", "fairlead_outcome", "fairlead_devices_stranded", "fairlead_devices"],
    ...["fairlead_channel_stale", "fairlead_pins_expired", "fairlead_manifest_expiry_seconds"],
    ...[
      "fairlead_rollout_share",
      "fairlead_rollout_failures",
      "fairlead_rollout_state",
      "fairlead_channel_devices_current",
    ],
  ];
  assert.deepEqual(
    needed.filter((metric) => !asked.has(metric)),
    [],
  );
});

test("the panels of the dashboard fit, each says what it shows, and none is bound to somebody's Prometheus", () => {
  const { panels, templating, uid } = DASHBOARD;
  assert.equal(uid, "fairlead");
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const taken = new Set<string>();
  for (const { type, title, description = "", datasource, gridPos, targets = [] } of panels) {
    const { x, y, w, h } = gridPos;
    assert.ok(x >= 0 && x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        assert.ok(!taken.has(`${column} ${line}`), `${title} lies over another panel`);
        taken.add(`${column} ${line}`);
      }
    }
    if (type === "row") continue;
    assert.match(description, /\.$/, title);
    assert.equal(datasource?.uid, "$" + "{datasource}", title);
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
  }
  const variables = templating.list.map(({ name }) => name);
  const used = new Set(
    questions().flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name)),
  );
  const unknown = [...used].filter((name = "") => !name.startsWith("__") && !variables.includes(name));
  assert.deepEqual(unknown, []);
});

test("Prometheus can read every expression of the dashboard", {
  skip: await lacks("promtool"),
}, async (t) => {
  const variables: Readonly<Record<string, string>> = { $__rate_interval: "5m", $instance: ".*" };
  const rules = questions().map(({ expr }, index) => {
    const filled = expr.replaceAll(/\$\w+/g, (name) => variables[name] ?? ".*");
    return { record: `panel:${index}`, expr: filled };
  });
  const file = join(await temporaryFolder(t), "rules.yaml");
  writeFileSync(file, stringify({ groups: [{ name: "dashboard", rules }] }));
  const { code, stdout, stderr } = await run("promtool", ["check", "rules", "--lint=none", file]);
  assert.equal(code, 0, stdout + stderr);
});
