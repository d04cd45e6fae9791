import { type ArchiveEntry, type ArchiveLimits, badArchive, badEntry } from "./archive-entry.ts";

const NAME_BYTES = 255;
/** Control characters, and what Windows takes for a separator. */
const NEVER = /[\p{Cc}\\]/u;

/**
 * Reads the name of an entry.
 *
 * @param raw as it stands in the archive; a leading `./` and a trailing `/` are passed over
 * @returns with `/`, relative, without a part that leads up; empty for the root itself
 * @throws InstallError `install/bad-archive`
 */
export function readEntryName(raw: string, limits: ArchiveLimits): string {
  if (NEVER.test(raw)) throw badEntry(raw, "has a name with a control character or a backslash");
  if (raw.startsWith("/")) throw badEntry(raw, "has an absolute name");
  const path = raw.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
  if (path === "" || path === ".") return "";
  const parts = path.split("/");
  if (parts.includes("..")) throw badEntry(raw, "leads out of its folder");
  if (parts.some((part) => part === "" || part === ".")) throw badEntry(raw, "has an empty part in its name");
  if (parts.length - 1 > limits.depth) throw badEntry(raw, `lies more than ${limits.depth} folders deep`);
  if (
    Buffer.byteLength(path) > limits.pathBytes ||
    parts.some((part) => Buffer.byteLength(part) > NAME_BYTES)
  ) {
    throw badEntry(raw, "has a longer name than file systems take");
  }
  return path;
}

/**
 * Reads where a symbolic link leads: relative, and inside. `..` may only stand at its beginning, where it is counted from
 * folders that are real; behind the name of another link it would lead from wherever that one points to. So each link
 * stays inside by itself, and no chain of links leads out.
 *
 * @throws InstallError `install/bad-archive`
 */
export function readLinkTarget(path: string, target: string, limits: ArchiveLimits): string {
  const refuse = (): never => {
    throw badEntry(path, "is a link that leads out of the archive, or might");
  };
  const isPlain = target !== "" && !NEVER.test(target) && Buffer.byteLength(target) <= limits.pathBytes;
  if (!isPlain || target.startsWith("/")) return refuse();
  const parts = target.replace(/\/$/, "").split("/");
  const up = parts.findIndex((part) => part !== "..");
  const rest = up === -1 ? [] : parts.slice(up);
  const depth = path.split("/").length - 1;
  if (rest.includes("..") || rest.includes("")) return refuse();
  return (up === -1 ? parts.length : up) > depth ? refuse() : target;
}

/**
 * Every name of an archive, so that one can stand for one thing only: on file systems that tell no case apart as well,
 * since the same archive must unpack alike everywhere.
 */
export class EntryNames {
  private readonly limits: ArchiveLimits;
  private readonly known = new Map<string, { path: string; kind: ArchiveEntry["kind"] | "implied" }>();
  private bytes = 0;

  constructor(limits: ArchiveLimits) {
    this.limits = limits;
  }

  /** @throws InstallError `install/bad-archive` for a name that is taken, or that lies below what is no folder */
  add(path: string, kind: ArchiveEntry["kind"]): void {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      this.addFolder(path, path.slice(0, slash));
    }
    const before = this.known.get(fold(path));
    if (before === undefined) {
      this.remember(path, kind);
    } else if (before.path !== path) {
      throw badEntry(path, `differs from \`${before.path}\` in case only`);
    } else if (kind === "folder" && before.kind === "implied") {
      before.kind = "folder";
    } else {
      throw badEntry(path, "is in it twice");
    }
  }

  private addFolder(path: string, folder: string): void {
    const before = this.known.get(fold(folder));
    if (before === undefined) this.remember(folder, "implied");
    else if (before.path !== folder) throw badEntry(path, `differs from \`${before.path}\` in case only`);
    else if (before.kind === "file" || before.kind === "link") {
      throw badEntry(path, `lies below \`${folder}\`, which is no folder`);
    }
  }

  private remember(path: string, kind: ArchiveEntry["kind"] | "implied"): void {
    const { entries, allPathBytes } = this.limits;
    this.bytes += Buffer.byteLength(path);
    this.known.set(fold(path), { path, kind });
    if (this.known.size > entries)
      throw badArchive("has too many entries", { expected: `at most ${entries}` });
    if (this.bytes > allPathBytes) {
      throw badArchive("has too long names", { expected: `at most ${allPathBytes} bytes in all` });
    }
  }
}

function fold(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase();
}
