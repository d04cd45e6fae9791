import type { StateRule } from "../rule.ts";

export const productRemoved: StateRule = {
  id: "product/removed",
  severity: "error",
  summary: "a product is gone and nobody says why",
  needs: "before",
  explanation:
    "Machines that have the product ask for its policy and its releases, and find nothing (`trust/unknown-target`): they keep what they run, and no fix ever reaches them. A product that is renamed is a new one to every machine. To stop it, yank its versions or pause it; where no machine has it any more, name it under `removed` in fleet.yaml with the reason, as `fairlead product remove` does. Needs the state before the change (`--base`).",
  failing: {
    before: { "products/viewer/product.yaml": "description: The viewer.\n" },
    files: {},
  },
  passing: {
    before: { "products/viewer/product.yaml": "description: The viewer.\n" },
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nremoved: {products: {viewer: {reason: nobody runs it any more}}}\n",
    },
  },
  *check({ state, before }) {
    if (before === undefined || state.fleet === undefined || before.products === state.products) return;
    const removed = state.fleet.value.removed?.products ?? {};
    for (const [name, { product }] of before.products) {
      if (state.productNames.has(name) || Object.hasOwn(removed, name)) continue;
      yield {
        message: `product \`${name}\` is gone: machines that have it get no update any more`,
        at: { file: product.file },
        help: `put it back; where no machine has it, \`fairlead product remove ${name} --reason ...\` says so in fleet.yaml`,
      };
    }
  },
};
