import { sha256Hex } from "../../protocol/digest.ts";
import type { DelegatedRole } from "../../protocol/tuf/roles.ts";

/** Whether a delegation speaks for a target path (TUF 1.0, section 4.5). */
export function delegationMatches(role: DelegatedRole, path: string): boolean {
  if (role.paths.some((pattern) => pathMatches(pattern, path))) return true;
  const prefixes = role.path_hash_prefixes ?? [];
  if (prefixes.length === 0) return false;
  const digest = sha256Hex(path);
  return prefixes.some((prefix) => digest.startsWith(prefix));
}

/** `*` stands for any characters of one segment and `?` for one; neither for `/`. */
export function pathMatches(pattern: string, path: string): boolean {
  const patterns = pattern.split("/");
  const segments = path.split("/");
  if (patterns.length !== segments.length) return false;
  return patterns.every((part, index) => segmentMatches(part, segments[index] ?? ""));
}

/** Goes back to the last `*` only, so the time is bounded by the product of the lengths. */
function segmentMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === "*") p++;
  return p === pattern.length;
}
