/** How much is looked at when one file of a large state changes: counted in calls, not in time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EXAMPLE_NOW,
  exampleFiles,
  snapshotOfFiles,
  versionFile,
} from "../../controller/rules/example-state.ts";
import type { ProductRule, Rule, StateRule } from "../../controller/rules/rule.ts";
import { RULES } from "../../controller/rules/rules.ts";
import { runRules } from "../../controller/rules/run-rules.ts";
import { readState } from "../../controller/state/read-state.ts";
import { StateCache } from "../../controller/state/state-cache.ts";

const PRODUCTS = 40;
const TENANTS = 2_000;

/** What the rules were given since the last look, besides the whole state. */
interface Given {
  products: string[];
  tenants: number;
}

/** The rules, with a note of what those are given that are given parts. */
function watched(given: Given): Rule[] {
  return RULES.map((rule): Rule => {
    const watch: Partial<ProductRule & StateRule> = {};
    if ("checkProduct" in rule) {
      watch.checkProduct = (product, beside) => {
        given.products.push(product.name);
        return rule.checkProduct(product, beside);
      };
    }
    if ("besideTenants" in rule) {
      watch.check = (context) => {
        given.tenants += context.state.tenants.size;
        return rule.check(context);
      };
    }
    return { ...rule, ...watch };
  });
}

function largeState(): Map<string, Buffer> {
  const more: Record<string, string> = {};
  for (let product = 0; product < PRODUCTS; product++) {
    more[`products/p-${product}/product.yaml`] = "description: One of many.\n";
    more[`products/p-${product}/versions/1.0.0.yaml`] = versionFile("1.0.0");
    more[`products/p-${product}/channels/stable.yaml`] = "version: 1.0.0\n";
  }
  for (let tenant = 0; tenant < TENANTS; tenant++) more[`tenants/t-${tenant}.yaml`] = "channel: stable\n";
  return exampleFiles(more);
}

test("one changed file has the rules look at its product, or at the tenants beside its tenant, and at nothing else", () => {
  const given: Given = { products: [], tenants: 0 };
  const rules = watched(given);
  const cache = new StateCache();
  const files = largeState();
  const look = (changes: Readonly<Record<string, string>>): Given => {
    for (const [path, text] of Object.entries(changes)) files.set(path, Buffer.from(text));
    const { sound } = readState(snapshotOfFiles(files), { cache });
    runRules(rules, { state: sound, now: EXAMPLE_NOW });
    const seen = { products: [...new Set(given.products)], tenants: given.tenants };
    Object.assign(given, { products: [], tenants: 0 });
    return seen;
  };
  const cold = look({});
  assert.ok(cold.products.length > PRODUCTS && cold.tenants > TENANTS);
  assert.deepEqual(look({}), { products: [], tenants: 0 }, "nothing changed");

  const channel = look({ "products/p-7/channels/stable.yaml": "version: 1.0.0\nminVersion: 1.0.0\n" });
  assert.deepEqual(channel, { products: ["p-7"], tenants: 0 }, "no tenant depends on what a channel says");

  const tenant = look({ "tenants/t-700.yaml": "channel: stable\nautoUpdate: false\n" });
  const rulesOfTenants = rules.filter((rule) => "besideTenants" in rule).length;
  assert.deepEqual(tenant.products, []);
  assert.ok(tenant.tenants > 0 && tenant.tenants <= 256 * rulesOfTenants, `${tenant.tenants} tenants`);

  const fleet = look({ "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\nminVersion: 1.0.0\n" });
  assert.ok(fleet.products.length > PRODUCTS, "the fleet's minimum concerns every product");

  const added = look({ "products/p-7/channels/beta.yaml": "version: 1.0.0\n" });
  assert.ok(added.tenants >= TENANTS, "a tenant may name the channel that has come");
});
