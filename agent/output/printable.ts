/** Text from a file, a server or a program, made safe to show: it can't steer a terminal or fake a line. */
export function printable(text: string): string {
  // Control characters, and the marks that reverse the direction of text (CVE-2021-42574).
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");
}
