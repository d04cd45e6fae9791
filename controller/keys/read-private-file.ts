import { statSync } from "node:fs";
import { readBounded } from "../files/read-bounded.ts";
import { errnoOf, explainFileError } from "../files/system-error.ts";
import { KeyError } from "./key-error.ts";

/** Rights of everybody who is neither the owner nor in the group. */
const OTHERS = 0o007;

/**
 * Reads a file that holds a secret. A group may read it, as Kubernetes mounts secrets (0440 with `fsGroup`); everybody
 * may not, as ssh has it.
 *
 * @returns `undefined` when there is more than `limit` bytes of it, or it is no regular file
 * @throws KeyError `keys/not-found`, `keys/too-open`
 * @throws SystemError when it cannot be read
 */
export function readPrivateFile(path: string, limit: number): Buffer | undefined {
  try {
    if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0) {
      throw new KeyError("keys/too-open", `\`${path}\` can be read or changed by everybody on this machine`, {
        help:
          `run \`chmod 600 ${path}\` (in Kubernetes \`defaultMode: 0440\` with an fsGroup), ` +
          "and make a new one if somebody may have read it",
      });
    }
    return readBounded(path, limit);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw explainFileError(error, path, "read");
    throw new KeyError("keys/not-found", `there is no key at \`${path}\``, {
      help: "name the folder of your keys: `fairlead keys init` wrote them to keys/ unless told otherwise",
    });
  }
}
