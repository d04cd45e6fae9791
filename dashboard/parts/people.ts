/** The name of `Ada Example <ada@acme.example>`; the mail address where there is no name. */
export function nameOf(author: string): string {
  const [, name = author, mail = ""] = /^(.*?) ?<([^>]*)>$/.exec(author) ?? [];
  return name === "" ? mail : name;
}
