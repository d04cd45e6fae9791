import { sha256Hex } from "../../protocol/digest.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { Snapshot, SnapshotFile } from "../source/snapshot.ts";
import type { ArtifactListing } from "../state/artifact-listing.ts";
import type { ExampleFile, RuleExample } from "./rule.ts";

/** The present of every example: 2026-11-20T12:00:00Z. */
export const EXAMPLE_NOW = 1_795_176_000;

/** A version file with one artifact for each platform; `more` is put before the artifacts. */
export function versionFile(
  version: string,
  more = "",
  platforms: readonly string[] = ["linux-x64"],
): string {
  const artifacts = platforms.map(
    (platform) =>
      `  - {platform: ${platform}, format: binary, url: artifacts/agent-${version.replaceAll('"', "")}, size: 1000, sha256: ${"a0".repeat(32)}}\n`,
  );
  return `version: ${version}\n${more}artifacts:\n${artifacts.join("")}`;
}

/** A version file for two platforms that is yanked for the second, `linux-arm64`. */
export function versionYankedOnArm(version: string, more = "yankReason: loses reports\n"): string {
  return versionFile(version, more, ["linux-x64", "linux-arm64"]).replace(/(?=\}\n$)/, ", active: false");
}

/** A small state without a mistake, which each example changes in one respect. */
const SOUND_FILES: Readonly<Record<string, string>> = {
  "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\n",
  "products/agent/product.yaml": "description: The agent.\n",
  "products/agent/channels/stable.yaml": "version: 1.1.0\n",
  "products/agent/versions/1.0.0.yaml": versionFile("1.0.0"),
  "products/agent/versions/1.1.0.yaml": versionFile("1.1.0"),
  "tenants/acme.yaml": "channel: stable\n",
};

/** The files of an example state, by path. */
export function exampleFiles(changes: Readonly<Record<string, ExampleFile>>): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [path, content] of Object.entries({ ...SOUND_FILES, ...changes })) {
    if (content === null) continue;
    files.set(
      path,
      typeof content === "string" ? Buffer.from(content) : Buffer.from(content.base64, "base64"),
    );
  }
  return files;
}

/** A snapshot of files that are in no repository. */
export function snapshotOfFiles(
  files: ReadonlyMap<string, Buffer>,
  irregular: RuleExample["irregular"] = [],
): Snapshot {
  const listed = [...files].map(([path, bytes]): SnapshotFile => ({ path, blob: sha256Hex(bytes), bytes }));
  listed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { commit: "worktree", committedAt: EXAMPLE_NOW, files: listed, irregular };
}

/** The artifact folder that an example names; `undefined` where it names none. */
export function exampleArtifacts({ artifacts }: RuleExample): ArtifactListing | undefined {
  return artifacts === undefined ? undefined : new Map(Object.entries(artifacts));
}

/** The history that an example names; `undefined` where it names none. */
export function exampleHistories({ history }: RuleExample): ChannelHistories | undefined {
  if (history === undefined) return undefined;
  return new Map(
    Object.entries(history).map(([channel, promotions]) => [
      channel,
      promotions.map(({ version, daysAgo }) => ({
        version,
        at: EXAMPLE_NOW - daysAgo * 86_400,
        commit: sha256Hex(`${channel} ${version}`).slice(0, 40),
        author: "Ada Example <ada@acme.example>",
        subject: `promote ${version}`,
      })),
    ]),
  );
}
