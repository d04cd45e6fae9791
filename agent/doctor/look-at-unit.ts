import { isAbsolute, relative } from "node:path";
import { type Finding, fine, problem } from "./finding.ts";

/**
 * Whether a unit of systemd lets its service write where the agent has to.
 *
 * @param text of the unit's file
 * @param folders that the agent writes to
 */
export function lookAtUnit(name: string, text: string, folders: readonly string[]): Finding {
  const check = "unit";
  const settings = readSettings(text);
  const protection = settings.get("ProtectSystem")?.at(-1) ?? "no";
  const open = (settings.get("ReadWritePaths") ?? [])
    .flatMap(wordsOf)
    .map((path) => path.replace(/^[-+]*/, ""));
  const shut = folders.filter((folder) => {
    return isProtected(folder, protection) && !open.some((path) => isBelow(folder, path));
  });
  if (shut.length === 0) return fine(check, `${name} may write where it has to`);
  return problem(
    check,
    `${name} may not write to ${shut.map((folder) => `\`${folder}\``).join(", ")} (ProtectSystem=${protection})`,
    `run \`fairlead-agent service install\` again, or add ReadWritePaths=${shut.join(" ")} to the unit`,
  );
}

/** systemd.exec(5), ProtectSystem. */
function isProtected(folder: string, protection: string): boolean {
  switch (protection) {
    case "strict":
      return true;
    case "full":
      return ["/usr", "/boot", "/efi", "/etc"].some((path) => isBelow(folder, path));
    case "yes":
    case "true":
    case "on":
    case "1":
      return ["/usr", "/boot", "/efi"].some((path) => isBelow(folder, path));
    default:
      return false;
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way.startsWith("..") || isAbsolute(way));
}

/** Every value of every key, in order; an empty one takes back what was said before (systemd.syntax(7)). */
function readSettings(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    const [, key, value] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    settings.set(key, value === "" ? [] : [...(settings.get(key) ?? []), value]);
  }
  return settings;
}

function wordsOf(value: string): readonly string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => {
    return (quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "").replaceAll("%%", "%");
  });
}
