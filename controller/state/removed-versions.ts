import type { VersionState } from "../../schemas/state.generated.ts";
import type { RemovedVersionFile } from "../source/removed-versions.ts";
import { readDocument } from "./read-document.ts";

/** A version whose file was removed at some time, as it was published until then. */
export interface RemovedVersion {
  readonly value: VersionState;
  readonly removedBy: string;
}

/** By path. What does not satisfy today's schema is left out: nothing can be compared with it. */
export function readRemovedVersions(files: readonly RemovedVersionFile[]): Map<string, RemovedVersion> {
  const read = new Map<string, RemovedVersion>();
  for (const file of files) {
    const reading = readDocument("version", file);
    // Its schema has been checked, so it has the type of its kind.
    if (reading.ok) {
      read.set(file.path, { value: reading.document.value as VersionState, removedBy: file.removedBy });
    }
  }
  return read;
}
