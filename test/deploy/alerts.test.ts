import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { ControllerProcess } from "../support/controller-process.ts";
import { lacks, run, TOP } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { printedMetrics, samplesOf } from "./printed-metrics.ts";

const RULES = join(TOP, "deploy", "alerts.yaml");

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
}

function alertRules(): AlertRule[] {
  const file = parse(readFileSync(RULES, "utf8")) as { groups: { rules: AlertRule[] }[] };
  return file.groups.flatMap(({ rules }) => rules);
}

/** The metrics that an expression asks for, and the values of labels that it compares with `=`. */
function askedFor(expr: string): { metric: string; labels: [string, string][] }[] {
  return [...expr.matchAll(/\b(fairlead_\w+)(?:\{([^}]*)\})?/g)].map(([, metric = "", labels = ""]) => ({
    metric,
    labels: [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  }));
}

test("every metric and label that an alarm asks for is printed by a running controller of a fleet", async (t) => {
  const printed = await printedMetrics(t);
  const lines = samplesOf(printed);
  const rules = alertRules();
  assert.ok(rules.length > 10);
  for (const { alert, expr } of rules) {
    for (const { metric, labels } of askedFor(expr)) {
      const found = lines.filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
      assert.ok(found.length > 0, `${alert} asks for ${metric}`);
      for (const [name, value] of labels) {
        const shown = found.some((line) => line.includes(`${name}="${value}"`));
        assert.ok(
          shown,
          `${alert} asks for ${metric}{${name}="${value}"}, and there is\n${found.join("\n")}`,
        );
      }
    }
  }
  const roles = [...printed.matchAll(/^fairlead_manifest_expiry_seconds\{role="([^"]+)"\} /gm)].map(
    ([, role]) => role,
  );
  assert.deepEqual(roles.sort(), ["policy", "releases-agent", "root", "snapshot", "targets", "timestamp"]);
  const free = Number(/^fairlead_state_folder_free_bytes (\S+)$/m.exec(printed)?.[1]);
  assert.ok(free > 0, "the space that is left is a number");
});

test("how the last look ended is told by a metric that goes back when the mistake is corrected", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  const controller = await ControllerProcess.start(t, state.directory);
  const until = (outcome: string): Promise<unknown> =>
    waitUntil(outcome, async () => {
      const text = await (await fetch(`${controller.url}/metrics`)).text();
      const ones = [...text.matchAll(/^fairlead_outcome\{outcome="(\w+)"\} 1$/gm)].map(([, name]) => name);
      return ones.length === 1 && ones[0] === outcome ? true : undefined;
    });
  await until("published");
  await state.write("fleet.yaml", "schemaVersion: 1\nnonsense: true\n");
  await state.commit("a mistake");
  await until("refused");
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  await state.commit("corrected");
  await until("published");
});

test("docs/operate.md says of every alarm what to do, and of no other", () => {
  const page = readFileSync(join(TOP, "docs", "operate.md"), "utf8");
  const told = [...page.matchAll(/^\| (Fairlead[\w, ]+) \|/gm)].flatMap(([, names = ""]) =>
    names.split(", "),
  );
  assert.deepEqual(
    told.sort(),
    alertRules()
      .map(({ alert }) => alert)
      .sort(),
  );
});

test("Prometheus takes the rules, and they speak when they should", {
  skip: await lacks("promtool"),
}, async (t) => {
  const checked = await run("promtool", ["check", "rules", RULES]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  const job = await run("promtool", [
    "check",
    "config",
    "--syntax-only",
    join(TOP, "deploy", "prometheus.yaml"),
  ]);
  assert.equal(job.code, 0, job.stdout + job.stderr);
  const tested = await run("promtool", ["test", "rules", join(import.meta.dirname, "alerts.promtool.yaml")]);
  assert.equal(tested.code, 0, tested.stdout + tested.stderr);
  t.diagnostic(tested.stdout.trim());
});
