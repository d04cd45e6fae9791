import { sha256Hex } from "../../protocol/digest.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { describeOutcome, shortCommit } from "../reconcile/outcome.ts";
import type { ControllerOptions, RunningController } from "./run-controller.ts";

/** What a person sees after the start: where it listens, what it serves, and three things to try. */
export function startBanner(controller: RunningController, options: ControllerOptions): string {
  const { serving, outcome } = controller.state();
  const lines = ["", `Fairlead listens on ${controller.url}`];
  if (serving !== undefined) {
    const { manifest } = serving;
    const products = [...manifest.products.keys()].join(", ");
    lines.push(
      `It serves commit ${shortCommit(manifest.commit)} of ${options.source.repository}: ${products}`,
    );
  }
  if (outcome !== undefined && outcome.kind !== "published") lines.push(`But ${describeOutcome(outcome)}`);
  if (serving !== undefined) lines.push(...thingsToTry(serving.manifest, controller));
  return `${lines.join("\n")}\n\n`;
}

function thingsToTry(manifest: PublishedManifest, { url, tenantKey }: RunningController): string[] {
  const root = manifest.metadata.get("1.root.json");
  const [product] = manifest.products;
  if (root === undefined || product === undefined) return [];
  const [name, { policy }] = product;
  const [tenant] = manifest.tenants.keys();
  const enrol = [
    `bin/fairlead-agent enroll --server ${url} --product ${name} --install-path ./try/${name} --home ./try/agent`,
    `--root-sha256 ${sha256Hex(root)}`,
    ...(tenant === undefined ? [] : [`--tenant ${tenant} --tenant-key ${tenantKey(tenant)}`]),
  ];
  const lines = [
    "",
    "Try in a second terminal:",
    "",
    "  # a machine that trusts this controller's keys, and its first update",
    `  ${enrol.join(" \\\n    ")}`,
    `  bin/fairlead-agent update --home ./try/agent && ./try/${name}`,
  ];
  const promotion = promotionToTry(policy);
  if (promotion !== undefined) {
    lines.push(
      "",
      `  # a promotion: ${promotion.to} gets what ${promotion.from} has`,
      `  bin/fairlead promote ${promotion.version} --to ${promotion.to} --product ${name}`,
    );
  }
  const [yankable] = Object.entries(policy.channels).filter(([, { previous }]) => previous.length > 0);
  if (yankable !== undefined) {
    const [channel, { current }] = yankable;
    lines.push(
      "",
      `  # a yank: ${channel} falls back to what it pointed to before`,
      `  bin/fairlead yank ${current.version} --product ${name} --reason "trying it out"`,
    );
  }
  return lines;
}

/** A channel that is behind another one. */
function promotionToTry(
  policy: PublishedManifest["products"] extends ReadonlyMap<string, infer P extends { policy: unknown }>
    ? P["policy"]
    : never,
): { from: string; to: string; version: string } | undefined {
  const channels = Object.entries(policy.channels).sort(([, a], [, b]) => a.current.at - b.current.at);
  const [oldest] = channels;
  const newest = channels.at(-1);
  if (oldest === undefined || newest === undefined) return undefined;
  if (oldest[1].current.version === newest[1].current.version) return undefined;
  return { from: newest[0], to: oldest[0], version: newest[1].current.version };
}
