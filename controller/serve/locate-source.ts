import { join, resolve } from "node:path";
import { locateState } from "../source/locate-state.ts";
import { parseSourceLocation, type SourceLocation } from "../source/source-location.ts";

/** The state repository that a controller reads, as its flags name it. */
export interface LocatedSource {
  readonly location: SourceLocation;
  /** The state root inside the repository, with `/`. */
  readonly path: string;
  /** The ref that is followed unless one is named. */
  readonly defaultRef: string;
  /** The state root on this machine; absent for a remote. */
  readonly root: string | undefined;
}

/**
 * Finds the repository and the state root in it. A folder is looked through for `fleet.yaml` unless a path is given
 * for a repository that is named: it may be bare, with nothing to be found in.
 *
 * @param repo a folder or a URL; absent: the repository around the working folder
 * @throws SourceError, StateLocationError
 */
export function locateSource(repo: string | undefined, path: string | undefined): LocatedSource {
  const location = parseSourceLocation(repo ?? ".");
  if (location.kind === "remote") {
    return { location, path: path ?? "releases", defaultRef: "main", root: undefined };
  }
  const folder = resolve(location.folder);
  const defaultRef = "HEAD";
  if (repo !== undefined && path !== undefined) {
    return { location: { kind: "local", folder }, path, defaultRef, root: join(folder, path) };
  }
  const located = locateState(folder, path);
  const repository = located.repository ?? located.root;
  return {
    location: { kind: "local", folder: repository },
    path: located.path,
    defaultRef,
    root: located.root,
  };
}
