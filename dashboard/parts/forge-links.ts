import type { Source } from "../api/types.ts";

/**
 * Where a file of the state repository can be looked at, at a line of it; `undefined`: nowhere that is known.
 *
 * @param file relative to the state root
 */
export function fileLink(
  { forge, root }: Pick<Source, "forge" | "root">,
  commit: string,
  file: string,
  line?: number,
): string | undefined {
  if (forge === null || root === null) return undefined;
  const path = (root === "" ? file : `${root}/${file}`).split("/").map(encodeURIComponent).join("/");
  const template = line === undefined ? forge.links.file : forge.links.line;
  return template
    .replaceAll("{commit}", commit)
    .replaceAll("{path}", path)
    .replaceAll("{line}", String(line ?? 1));
}

export function commitLink({ forge }: Pick<Source, "forge">, commit: string): string | undefined {
  return forge?.links.commit.replaceAll("{commit}", commit);
}

/** `GitHub`, as people call it. */
export function forgeName({ forge }: Pick<Source, "forge">): string {
  switch (forge?.kind) {
    case "github":
      return "GitHub";
    case "gitlab":
      return "GitLab";
    case "gitea":
    case undefined:
      return "the forge";
  }
}
