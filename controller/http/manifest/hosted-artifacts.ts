import type { FileHandle } from "node:fs/promises";
import type { WantedArtifact } from "./artifact-folder.ts";

/** Where the bytes of artifacts are that no version file gives an address for. */
export type HostedArtifacts =
  | {
      readonly kind: "here";
      /**
       * Opens the file that was signed.
       *
       * @throws HttpError `http/artifact-missing`, `http/artifact-differs`, `http/artifact-awaited`
       */
      open(wanted: WantedArtifact): Promise<FileHandle>;
    }
  | {
      readonly kind: "elsewhere";
      /** The address of an artifact by its path below the artifact folder; absent where it can have none. */
      addressOf(path: string): string | undefined;
    };
