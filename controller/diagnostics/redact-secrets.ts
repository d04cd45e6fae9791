/** Forms in which a secret gets into a state file by mistake; what follows is never printed. */
const SECRETS: readonly RegExp[] = [
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
  /(?<=\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /(?<=\b(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)["']?\s*[:=]\s*["']?)[^\s"',}&]{4,}/gi,
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{12,})/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
];

/**
 * Replaces what looks like a secret by asterisks of the same length, so that carets still stand under the right
 * characters.
 */
export function redactSecrets(text: string): string {
  return SECRETS.reduce(
    (rest, pattern) => rest.replace(pattern, (secret) => "*".repeat(secret.length)),
    text,
  );
}
