import { join, relative, resolve } from "node:path";
import { normalize } from "node:path/posix";
import { locateState } from "../source/locate-state.ts";
import { parseSourceLocation, type SourceLocation } from "../source/source-location.ts";
import { ServeError } from "./serve-error.ts";

/** The state repository that a controller reads, as its flags name it. */
export interface LocatedSource {
  readonly location: SourceLocation;
  /** The state root inside the repository, with `/`; absent for a remote where each commit says it by its fleet.yaml. */
  readonly path: string | undefined;
  /** The ref that is followed unless one is named. */
  readonly defaultRef: string;
  /** The state root on this machine; absent for a remote. */
  readonly root: string | undefined;
}

/**
 * Finds the repository and the state root in it. A folder is looked through for `fleet.yaml` unless a path is given
 * for a repository that is named: it may be bare, with nothing to be found in.
 *
 * @param repo  a folder or a URL; absent: the repository around the working folder
 * @param named the state root inside the repository, as a person writes it: `.`, `releases/`
 * @throws SourceError, StateLocationError, ServeError `serve/no-repository`
 */
export function locateSource(repo: string | undefined, named: string | undefined): LocatedSource {
  const location = parseSourceLocation(repo ?? ".");
  const path = named === undefined ? undefined : pathInRepository(named);
  if (location.kind === "remote") return { location, path, defaultRef: "main", root: undefined };
  const folder = resolve(location.folder);
  const defaultRef = "HEAD";
  if (repo !== undefined && path !== undefined) {
    return { location: { kind: "local", folder }, path, defaultRef, root: join(folder, path) };
  }
  const located = locateState(folder, named);
  if (located.repository === undefined) throw notInRepository(folder, located.root);
  return {
    location: { kind: "local", folder: located.repository },
    path: located.path,
    defaultRef,
    root: located.root,
  };
}

/** A path as git names it: `.` is the top, and there is no slash at its end. */
function pathInRepository(named: string): string {
  const path = normalize(named.replaceAll("\\", "/")).replace(/\/+$/, "");
  return path === "." ? "" : path;
}

/** What somebody meets who downloaded the files of a repository instead of cloning it. */
function notInRepository(folder: string, root: string): ServeError {
  const isBelow = !relative(folder, root).startsWith("..");
  return new ServeError(
    "serve/no-repository",
    `\`${root}\` is in no git repository, and only what is committed is served`,
    {
      help:
        "clone the repository instead of downloading its files, or make one of them: in " +
        `\`${isBelow ? folder : root}\` run \`git init && git add --all && git commit -m "Begin"\``,
    },
  );
}
