/** Which forge a remote is on, as far as its address tells. */
export const FORGES = ["github", "gitlab", "gitea"] as const;
export type Forge = (typeof FORGES)[number];

/** A repository on a forge: `https://host/owner/name`, without `.git`. */
export interface ForgeRepository {
  readonly forge: Forge;
  readonly page: string;
}

const SCP_FORM = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/;

/** Reads the address of a remote: https, ssh and scp forms. `undefined`: not a forge that we know. */
export function forgeOf(remoteUrl: string): ForgeRepository | undefined {
  const host = hostAndPath(remoteUrl)?.host;
  const page = pageOf(remoteUrl);
  const forge = host === undefined ? undefined : forgeOfHost(host.replace(/:\d+$/, ""));
  return forge === undefined || page === undefined ? undefined : { forge, page };
}

/** The page that the repository of a remote has, if its host is a forge. Nothing secret of the address is in it. */
export function pageOf(remoteUrl: string): string | undefined {
  const place = hostAndPath(remoteUrl);
  const path = place?.path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  return place === undefined || path === undefined || !path.includes("/")
    ? undefined
    : `https://${place.host}/${path}`;
}

/** The page on which a person opens the pull or merge request of `branch` into `base`. */
export function requestUrl({ forge, page }: ForgeRepository, branch: string, base: string): string {
  const [head, into] = [encodeRef(branch), encodeRef(base)];
  switch (forge) {
    case "github":
      return `${page}/compare/${into}...${head}?expand=1`;
    case "gitlab": {
      const query = new URLSearchParams({
        "merge_request[source_branch]": branch,
        "merge_request[target_branch]": base,
      });
      return `${page}/-/merge_requests/new?${query}`;
    }
    case "gitea":
      return `${page}/compare/${into}...${head}`;
  }
}

/**
 * Addresses of pages with places to fill in, each percent-encoded but for slashes: `{commit}`, `{branch}`, `{path}` from the
 * top of the repository, `{line}` from 1.
 */
export interface ForgeLinks {
  readonly commit: string;
  readonly file: string;
  readonly line: string;
  readonly branch: string;
}

/** Where a forge shows a commit, a file of it, a line of that, and a branch. Forgejo has the pages of Gitea. */
export function forgeLinks({ forge, page }: ForgeRepository): ForgeLinks {
  const linksTo = (commit: string, file: string, branch: string): ForgeLinks => ({
    commit: `${page}/${commit}/{commit}`,
    file: `${page}/${file}/{commit}/{path}`,
    line: `${page}/${file}/{commit}/{path}#L{line}`,
    branch: `${page}/${branch}/{branch}`,
  });
  switch (forge) {
    case "github":
      return linksTo("commit", "blob", "tree");
    case "gitlab":
      return linksTo("-/commit", "-/blob", "-/tree");
    case "gitea":
      return linksTo("commit", "src/commit", "src/branch");
  }
}

function hostAndPath(remoteUrl: string): { host: string; path: string } | undefined {
  if (/^(https?|ssh):\/\//.test(remoteUrl) && URL.canParse(remoteUrl)) {
    const url = new URL(remoteUrl);
    return { host: url.protocol === "ssh:" ? url.hostname : url.host, path: url.pathname };
  }
  const [, host, path] = SCP_FORM.exec(remoteUrl) ?? [];
  return host === undefined || path === undefined ? undefined : { host, path };
}

function forgeOfHost(host: string): Forge | undefined {
  const labels = host.toLowerCase().split(".");
  if (labels.includes("github")) return "github";
  if (labels.includes("gitlab")) return "gitlab";
  return ["gitea", "forgejo", "codeberg"].some((name) => labels.includes(name)) ? "gitea" : undefined;
}

/** Slashes in branch names stay readable: forges take them as they are. */
function encodeRef(ref: string): string {
  return ref.split("/").map(encodeURIComponent).join("/");
}
