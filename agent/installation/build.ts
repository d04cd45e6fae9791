import { badDocument, object, optional, type Reader, text } from "../../protocol/read-json.ts";

/** One build of the product: a version, and what its format knows it by. */
export interface Build {
  readonly version: string;
  /** Equal ids are the same build: for a single file the SHA-256 of its bytes, for a package its whole version. */
  readonly id: string;
}

const word = text({ max: 256 });
/** Names of files are made of ids: none can lead out of a folder. */
const id = text({ max: 200, form: /^[0-9A-Za-z][\w.+~:^-]*$/, what: "the id of a build" });
const fields = object({ version: word, id: optional(id), sha256: optional(id) }, "ignore");

/** A build as the agent's own files hold it; those of the first format call the id `sha256`. */
export const readBuild: Reader<Build> = (value, at) => {
  const { version, id, sha256 } = fields(value, at);
  const known = id ?? sha256;
  if (known === undefined) throw badDocument(`${at}/id`, "the id of a build", undefined);
  return { version, id: known };
};
