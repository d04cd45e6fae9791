import type { Logger } from "pino";
import { ArtifactFolder, type DamagedArtifact } from "../http/manifest/artifact-folder.ts";
import { authorityFile } from "./authority-file.ts";
import type { ControllerOptions } from "./controller-options.ts";
import type { HostedFiles } from "./hosted-files.ts";
import { lfsFiles } from "./lfs-artifacts.ts";
import { openLfs } from "./lfs-parts.ts";
import { originArtifacts } from "./origin-artifacts.ts";

/** @param onChange told what is not as it was signed, whenever that changes */
export function hostedArtifacts(
  { artifacts, source }: Pick<ControllerOptions, "artifacts" | "source">,
  log: Logger,
  onChange: (damaged: readonly DamagedArtifact[]) => void,
): HostedFiles {
  switch (artifacts.kind) {
    case "folder":
      return {
        serving: new ArtifactFolder(artifacts.folder, onChange),
        follow: () => undefined,
        close: async () => undefined,
      };
    case "origin":
      return originArtifacts(artifacts.prefix, authorityFile(source.access), log, onChange);
    case "git-lfs":
      return lfsFiles(openLfs(source, artifacts.folder, artifacts.endpoint), log, onChange);
  }
}
