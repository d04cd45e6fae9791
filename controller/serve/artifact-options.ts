import { join, resolve } from "node:path";
import type { ArtifactPlace } from "../artifacts/artifact-place.ts";
import type { SourceLocation } from "../source/source-location.ts";
import { ServeError } from "./serve-error.ts";

/** What is said about hosted artifacts, as the command line says it. */
export interface ArtifactOptions {
  /** A folder, an address, or {@link GIT_LFS}; absent: `artifacts/` of the state root, or of the state folder. */
  readonly artifacts?: string | undefined;
  /** Address of a Git LFS server. */
  readonly lfsUrl?: string | undefined;
}

/** What `--artifacts` says for Git LFS. A folder of that name is written `./git-lfs`. */
export const GIT_LFS = "git-lfs";

/** Where artifacts are hosted unless told otherwise, and what they belong to. */
interface ArtifactSurroundings {
  readonly location: SourceLocation;
  /** The state root on this machine, if it is there. */
  readonly root: string | undefined;
  /** Absolute. */
  readonly stateFolder: string;
}

/** @throws ServeError `serve/bad-option` */
export function artifactPlaceOf(
  { artifacts, lfsUrl }: ArtifactOptions,
  { location, root, stateFolder }: ArtifactSurroundings,
): ArtifactPlace {
  if (lfsUrl !== undefined && artifacts !== GIT_LFS) {
    throw new ServeError("serve/bad-option", "a Git LFS server is named, and artifacts come from elsewhere", {
      help: `add --artifacts ${GIT_LFS}`,
    });
  }
  if (artifacts === undefined) return { kind: "folder", folder: join(root ?? stateFolder, "artifacts") };
  if (artifacts === GIT_LFS) return lfsPlace(lfsUrl, location, stateFolder);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(artifacts)) return { kind: "origin", prefix: prefixOf(artifacts) };
  return { kind: "folder", folder: resolve(artifacts) };
}

function lfsPlace(
  lfsUrl: string | undefined,
  location: SourceLocation,
  stateFolder: string,
): ArtifactPlace & { kind: "git-lfs" } {
  if (location.kind === "local") {
    throw new ServeError(
      "serve/bad-option",
      "artifacts come from the Git LFS server of a remote, and the state repository is a folder",
      { help: "run `git lfs pull` in it, and leave --artifacts out: the files then lie in artifacts/" },
    );
  }
  const isHttp = location.protocol === "https" || location.protocol === "http";
  if (lfsUrl === undefined && !isHttp) {
    throw new ServeError(
      "serve/bad-option",
      `where the Git LFS server is cannot be told from an address of ${location.protocol}`,
      {
        help: "name it: --lfs-url https://git.acme.example/fleet/state.git/info/lfs, with --git-credentials FILE",
      },
    );
  }
  const endpoint =
    lfsUrl === undefined
      ? lfsEndpoint(location.url)
      : plainAddress(lfsUrl, "the address of a Git LFS server");
  return { kind: "git-lfs", folder: join(stateFolder, "lfs"), endpoint: endpoint.replace(/\/+$/, "") };
}

/**
 * Where Git LFS looks for the server of a repository (Git LFS API, "Server Discovery"). A committed .lfsconfig is not
 * read: whoever may merge could have the controller's credentials sent elsewhere by it.
 */
function lfsEndpoint(repository: string): string {
  const url = new URL(repository);
  url.username = "";
  url.password = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "").replace(/(?:\.git)?$/, ".git")}/info/lfs`;
  return url.href;
}

function prefixOf(text: string): string {
  const prefix = plainAddress(text, "the prefix of an artifact origin");
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}

/** Agents are told the address, so nothing in it can be a secret; what follows it must be able to. */
function plainAddress(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ServeError(
      "serve/bad-option",
      `\`${text.replace(/\/\/[^/]*@/, "//***@")}\` cannot be ${what}`,
      {
        help: "give an address of https, as in https://bucket.acme.example/fleet/",
      },
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ServeError("serve/bad-option", `${what} cannot have a name, a password, \`?\` or \`#\` in it`, {
      help: "let the server give the files to whoever asks: agents check each byte against what was signed",
    });
  }
  return url.href;
}
