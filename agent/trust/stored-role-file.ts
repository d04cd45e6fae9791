import { sha256Hex } from "../../protocol/digest.ts";

/** Every name that Fairlead gives a role is of this form, and no file system takes two of them for one. */
const PLAIN = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9._-]{0,199}$/;

/**
 * The file of a role in the agent's store. Names come from outside and may differ only by case, which macOS and Windows
 * do not tell apart; those that are not plain are called by their digest. (Before, they were percent-encoded. Such a
 * file is a copy of what the snapshot names, and what agents trust does not hang on it: it is fetched again and swept.)
 */
export function storedRoleFile(role: string): string {
  return PLAIN.test(role) ? `${role}.json` : `%${sha256Hex(role)}.json`;
}
