/** Whether an `Accept` header names HTML, as that of a browser does when somebody goes to an address. */
export function wantsDocument(accept: string | undefined): boolean {
  return (
    accept !== undefined && /(?:^|,)\s*text\/html\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*(?:,|$))|,|$)/i.test(accept)
  );
}
