import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { ProductPolicy } from "../../protocol/policy.ts";
import { compareVersions } from "../../protocol/version.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import { describeOutcome, shortCommit } from "../reconcile/outcome.ts";
import { redactCredentials } from "../source/redact-credentials.ts";
import { type ControllerOptions, isDevelopment } from "./controller-options.ts";
import type { RunningController } from "./run-controller.ts";
import { keptOperatorToken } from "./secret-file.ts";

/**
 * What a person sees after the start: where it listens and what it serves. Whoever tries things out also gets three
 * things to try, among them the key of a tenant; what a fleet's controller prints is kept in logs, where no key belongs.
 */
export function startBanner(controller: RunningController, options: ControllerOptions): string {
  const { serving, outcome } = controller.state();
  const lines = ["", `Fairlead listens on ${controller.url}`];
  if (controller.operatorsUrl !== undefined) lines.push(`Its operators ask at ${controller.operatorsUrl}`);
  const page = pageToOpen(controller, options);
  if (page !== undefined) lines.push(`Its page for people: ${page}`);
  if (serving !== undefined) {
    const { manifest } = serving;
    const products = [...manifest.products.keys()].join(", ");
    lines.push(`It serves commit ${shortCommit(manifest.commit)} of ${placeOf(options)}: ${products}`);
  }
  if (options.demoFleet !== undefined) {
    lines.push(`${options.demoFleet} simulated machines report to it; without them: --no-demo-fleet`);
  }
  if (outcome !== undefined && outcome.kind !== "published") {
    lines.push(`But ${describeOutcome(outcome)}`);
    const help = "cause" in outcome ? outcome.cause.help : undefined;
    if (help !== undefined) lines.push(`  = help: ${help}`);
  }
  if (serving !== undefined && outcome?.kind === "published") {
    const more = isDevelopment(options)
      ? thingsToTry(serving, controller, options)
      : [
          "To enrol a machine: `fairlead keys status` prints the line, `fairlead tenant key NAME` a tenant's key",
        ];
    lines.push(...more);
  }
  return `${lines.join("\n")}\n\n`;
}

/**
 * Where the page is. Whoever tries things out is signed in by opening it: the token stands where browsers send it to
 * nobody. A token that somebody chose is that person's to tell.
 */
function pageToOpen(
  { url, operatorsUrl = url }: RunningController,
  options: ControllerOptions,
): string | undefined {
  if (!operatorsUrl.startsWith("http")) return undefined;
  const isTrial = isDevelopment(options) && options.operatorToken === undefined;
  const token = isTrial ? keptOperatorToken(options.stateFolder) : undefined;
  return `${operatorsUrl}/${token === undefined ? "" : `#token=${token}`}`;
}

function placeOf({ source: { location, worktree } }: ControllerOptions): string {
  if (worktree !== undefined) return worktree;
  return location.kind === "local" ? location.folder : redactCredentials(location.url);
}

function thingsToTry(
  { metadata, manifest }: ServedManifest,
  { url, tenantKey }: RunningController,
  options: ControllerOptions,
): string[] {
  const root = metadata.get("1.root.json")?.sha256;
  const [first] = manifest.products;
  if (root === undefined || first === undefined) return [];
  const [product, { policy }] = first;
  const tenant = manifest.tenants.example;
  // Inside the state folder, which git ignores: the tree stays clean for the promotion and the yank.
  const folder = `${relative(process.cwd(), options.stateFolder) || "."}/try`;
  const where = rootOption(options);
  const bin = existsSync("bin/fairlead") ? "bin/" : "";
  const trust = [`--root-sha256 ${root}`];
  if (tenant !== undefined) trust.push(`--tenant ${tenant} --tenant-key ${tenantKey(tenant)}`);
  const lines = [
    "",
    "Try in a second terminal:",
    "",
    "  # a machine that trusts this controller's root, and its first update",
    `  ${bin}fairlead-agent enroll --server ${url} --product ${product} --home ${folder}/agent --force \\`,
    `    --install-path ${folder}/${product} ${trust.join(" \\\n    ")} &&`,
    `  ${bin}fairlead-agent update --home ${folder}/agent && ${folder}/${product}`,
  ];
  const promotion = promotionToTry(policy);
  if (promotion !== undefined) {
    const { from, to, version } = promotion;
    lines.push(
      "",
      `  # a promotion: ${to} gets what ${from} has`,
      `  ${bin}fairlead promote ${version} --to ${to} --product ${product}${where}`,
    );
  }
  const yanked = promotion?.version ?? versionWithFallback(policy);
  if (yanked !== undefined) {
    lines.push(
      "",
      `  # a yank: channels at ${yanked} fall back to what they pointed to before`,
      `  ${bin}fairlead yank ${yanked} --product ${product} --reason "trying it out"${where}`,
    );
  }
  return lines;
}

/** What tells a command where the state is; empty where it finds that by itself, or cannot change it from here. */
function rootOption({ source: { location, path } }: ControllerOptions): string {
  if (location.kind === "remote") return "";
  const root = relative(process.cwd(), join(location.folder, path ?? ""));
  const isFound = root === "" || root === "releases" || /^(\.\.[\\/]?)+$/.test(root);
  return isFound ? "" : ` --root ${root}`;
}

/** A promotion to suggest: from the channel with the highest version to the one with the lowest. */
function promotionToTry(policy: ProductPolicy): { from: string; to: string; version: string } | undefined {
  const channels = Object.entries(policy.channels)
    .map(([name, { current }]) => ({ name, version: current.version }))
    .sort((a, b) => compareVersions(policy.versionScheme, a.version, b.version));
  const [lowest] = channels;
  const highest = channels.at(-1);
  if (lowest === undefined || highest === undefined || lowest.version === highest.version) return undefined;
  return { from: highest.name, to: lowest.name, version: highest.version };
}

function versionWithFallback({ channels }: ProductPolicy): string | undefined {
  return Object.values(channels).find(({ previous }) => previous.length > 0)?.current.version;
}
