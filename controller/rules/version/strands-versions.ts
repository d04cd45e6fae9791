import { Barriers } from "../../../protocol/barriers.ts";
import type { Release } from "../../../protocol/release.ts";
import { WaysTo } from "../../../protocol/upgrade-path.ts";
import type { ProductModel } from "../../state/fleet-model.ts";
import { listNames, releasesOf, schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { Finding, ProductRule } from "../rule.ts";

export const versionStrandsVersions: ProductRule = {
  id: "version/strands-versions",
  severity: "warning",
  summary: "a barrier leaves older versions of a channel without a path",
  needs: "histories",
  explanation:
    "`upgradeFrom` names the versions that may step to this one directly, and a `barrier` is a version that everybody older passes through; devices below go through an earlier version. The way goes only through active versions that the channel itself has pointed to or lists in `via` and that are no dead ends: a device on stable is never led through what only another channel has seen. When none of them leads there, devices stay where they are for ever. Checked for what each channel pointed to before.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\n",
      "products/agent/versions/1.5.0.yaml": versionFile("1.5.0", "barrier: {reason: moves the database}\n"),
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0"),
    },
    history: {
      "agent/stable": [
        { version: "2.0.0", daysAgo: 0 },
        { version: "1.1.0", daysAgo: 9 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\nvia: [1.5.0]\n",
      "products/agent/versions/1.5.0.yaml": versionFile("1.5.0", "barrier: {reason: moves the database}\n"),
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0"),
    },
    history: {
      "agent/stable": [
        { version: "2.0.0", daysAgo: 0 },
        { version: "1.1.0", daysAgo: 9 },
      ],
    },
  },
  *checkProduct(product, { histories }) {
    if (histories === undefined) return;
    const releases = releasesOf(product);
    if (releases.every(({ upgradeFrom, barrier }) => upgradeFrom === undefined && barrier === undefined)) {
      return;
    }
    const barriers = new Barriers(schemeOf(product), releases);
    for (const channel of product.channels.keys()) {
      const pointedTo = histories.get(`${product.name}/${channel}`)?.map(({ version }) => version);
      yield* strandedOn(product, channel, releases, barriers, new Set(pointedTo));
    }
  },
};

/** @param releases of the product, newest first */
function* strandedOn(
  product: ProductModel,
  channel: string,
  releases: readonly Release[],
  barriers: Barriers,
  pointedTo: ReadonlySet<string>,
): Generator<Finding> {
  const document = product.channels.get(channel);
  const target = releases.find(({ version }) => version === document?.value.version);
  if (document === undefined || target === undefined) return;
  const { version, upgradeFrom } = target;
  if (upgradeFrom === undefined && barriers.floorOf(version) === undefined) return;
  const via = new Set(document.value.via);
  const steps = releases.filter(
    (step) =>
      step.active && step.deadEnd === undefined && (pointedTo.has(step.version) || via.has(step.version)),
  );
  // Already in order, lowest first: sorting the same versions anew for each channel would be most of the work.
  const known = releases.flatMap((one) => (pointedTo.has(one.version) ? one.version : [])).reverse();
  const stranded = new WaysTo(schemeOf(product), steps.reverse(), target, barriers).stranded(known);
  const [lowest] = stranded;
  if (lowest === undefined) return;
  const barrier = barriers.between(lowest, version).find((one) => !steps.includes(one));
  const place = product.versions.get((barrier ?? target).version);
  const reason = barrier?.barrier?.reason;
  yield {
    message: `no path of channel \`${channel}\` leads to \`${version}\` from ${listNames(stranded.reverse())}`,
    at: { document, path: ["version"] },
    related:
      place === undefined
        ? []
        : [
            {
              at: { document: place, path: [barrier === undefined ? "upgradeFrom" : "barrier"] },
              label: "the barrier",
            },
          ],
    notes:
      barrier === undefined || reason === undefined ? [] : [`\`${barrier.version}\` is a barrier: ${reason}`],
    help:
      barrier === undefined
        ? "list a version in `via` that accepts the old ones and that this one accepts, or widen the range"
        : `list \`${barrier.version}\` in \`via\`, if this channel may lead through it`,
  };
}
