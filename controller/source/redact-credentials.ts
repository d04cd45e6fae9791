/**
 * Replaces user names and passwords in URLs (`https://name:secret@host`) and secrets in query strings, so that
 * messages of git can be shown.
 */
export function redactCredentials(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@']*(?:@[^/\s@']*)*@/gi, "$1***@")
    .replace(/([?&](?:access_token|private_token|token|password|secret|key)=)[^&\s']+/gi, "$1***");
}
