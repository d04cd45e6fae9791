/**
 * Whether a text is the full id of a git object: 40 hexadecimal digits, or 64 in a SHA-256 repository. An abbreviation
 * is none: it could come to mean another object, or a branch of that name.
 */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
