import type { ProductModel } from "../../state/fleet-model.ts";
import { isVersionOf, schemeOf } from "../../state/product-versions.ts";
import type { SoundState } from "../../state/sound-state.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import type { Finding, Place, ProductRule, StateRule } from "../rule.ts";

export const valueBadVersion: StateRule & ProductRule = {
  id: "value/bad-version",
  severity: "error",
  summary: "a value is not a version in the product's scheme",
  explanation:
    "Versions are compared by the product's `versionScheme`: `semver` (the default), or `dotted`, any number of numeric parts. They are written exactly: no `v` in front, no range, no build metadata. A version that cannot be compared can be neither older nor newer than another.",
  failing: { files: { "products/agent/channels/stable.yaml": 'version: 1.1.0\nminVersion: "1.1"\n' } },
  passing: { files: { "products/agent/channels/stable.yaml": "version: 1.1.0\nminVersion: 1.1.0\n" } },
  *checkProduct(product) {
    yield* findingsOf(versionsSaidBy(product));
  },
  *check({ state }) {
    yield* findingsOf(versionsSaidElsewhere(state));
  },
};

function* findingsOf(said: Iterable<SaidVersion>): Generator<Finding> {
  for (const { product, version, at } of said) {
    if (isVersionOf(product, version)) continue;
    yield {
      message: `\`${version}\` is not a ${schemeOf(product)} version, which product \`${product.name}\` uses`,
      at,
      help:
        schemeOf(product) === "semver"
          ? "write three numbers, such as `1.4.2` or `1.5.0-rc.1`, or set `versionScheme: dotted`"
          : "write numbers joined by dots, such as `10.2.1.4`",
    };
  }
}

interface SaidVersion {
  readonly product: ProductModel;
  readonly version: string;
  readonly at: Place;
}

/** Every place of a product's own files that names one of its versions. */
function* versionsSaidBy(product: ProductModel): Generator<SaidVersion> {
  const minimum = product.product.value.minVersion;
  if (minimum !== undefined) {
    yield { product, version: minimum, at: { document: product.product, path: ["minVersion"] } };
  }
  for (const document of product.versions.values()) {
    yield { product, version: document.value.version, at: { document, path: ["version"] } };
  }
  for (const document of product.channels.values()) {
    const { version, minVersion, rollback, halted } = document.value;
    yield { product, version, at: { document, path: ["version"] } };
    if (minVersion !== undefined)
      yield { product, version: minVersion, at: { document, path: ["minVersion"] } };
    for (const [index, from] of (rollback?.from ?? []).entries()) {
      yield { product, version: from, at: { document, path: ["rollback", "from", index] } };
    }
    if (halted !== undefined) {
      yield { product, version: halted.version, at: { document, path: ["halted", "version"] } };
    }
  }
}

/** Where the fleet and the tenants name versions of products. */
function* versionsSaidElsewhere(state: SoundState): Generator<SaidVersion> {
  const fleetMinimum = state.fleet?.value.minVersion;
  if (state.fleet !== undefined && fleetMinimum !== undefined) {
    for (const product of state.products.values()) {
      yield { product, version: fleetMinimum, at: { document: state.fleet, path: ["minVersion"] } };
    }
  }
  for (const { document, path, product, pin } of pinsOfState(state)) {
    const model = state.products.get(product);
    if (model !== undefined) {
      yield { product: model, version: pin.version, at: { document, path: [...path, "pin", "version"] } };
    }
  }
}
