/** A signed commit, taken apart: what was signed, and by whom it says it was. */
export interface SignedCommit {
  /** The commit without the header that holds the signature: the bytes that the signature is over. */
  readonly payload: Buffer;
  /** The armoured signature. */
  readonly signature: string;
  readonly format: "ssh" | "openpgp" | "unknown";
}

/**
 * Takes the signature out of a commit object (git's Documentation/gitformat-signature, "Commit signatures").
 *
 * @param id its full object id: a SHA-256 repository has a header of its own
 * @returns `undefined` where it has none; a commit with several counts as signed by an unknown format
 */
export function signatureOf(id: string, commit: Buffer): SignedCommit | undefined {
  // Latin-1 keeps every byte as it is.
  const text = commit.toString("latin1");
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, end === -1 ? text.length : end).split("\n");
  const own = id.length === 64 ? "gpgsig-sha256" : "gpgsig";
  const payload: string[] = [];
  const signatures: string[][] = [];
  let header = "";
  for (const line of lines) {
    const isContinued = line.startsWith(" ");
    if (!isContinued) header = line.split(" ", 1)[0] ?? "";
    if (header === own) {
      if (isContinued) signatures.at(-1)?.push(line.slice(1));
      else signatures.push([line.slice(own.length + 1)]);
    } else if (header !== "gpgsig" && header !== "gpgsig-sha256") {
      payload.push(line);
    }
  }
  const [signature, another] = signatures;
  if (signature === undefined) return undefined;
  const armoured = `${signature.join("\n")}\n`;
  return {
    payload: Buffer.from(payload.join("\n") + (end === -1 ? "" : text.slice(end)), "latin1"),
    signature: armoured,
    format: another === undefined ? formatOf(armoured) : "unknown",
  };
}

function formatOf(armoured: string): SignedCommit["format"] {
  if (armoured.startsWith("-----BEGIN SSH SIGNATURE-----")) return "ssh";
  if (/^-----BEGIN PGP (SIGNATURE|MESSAGE)-----/.test(armoured)) return "openpgp";
  return "unknown";
}
