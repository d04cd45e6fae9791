import type { Release, ReleaseArtifact, Releases } from "../../protocol/release.ts";
import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";

/** node's platform and architecture, as artifacts name them. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/** The artifact of a release that a machine of this platform and format installs. */
export function artifactFor(release: Release, platform: string, format: Format): ReleaseArtifact | undefined {
  return release.artifacts.find(
    (artifact) => artifact.platform === platform && artifact.format === format.name,
  );
}

/** What every release would install on a machine of this platform and format. */
export function buildsFor(releases: Releases, platform: string, format: Format): readonly Build[] {
  return releases.flatMap((release) => {
    const artifact = artifactFor(release, platform, format);
    return artifact === undefined ? [] : [{ version: release.version, id: format.buildId(artifact) }];
  });
}
