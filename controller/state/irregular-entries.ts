import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { IrregularEntry } from "../source/snapshot.ts";

/** What was found in the commit and cannot be read is an error of the commit, whatever its name. */
export function describeIrregular({ path, kind, size, limit }: IrregularEntry): Diagnostic {
  const file = path === "" ? "." : printable(path);
  switch (kind) {
    case "symlink":
      return error(file, "file/symlink", "a symbolic link is not followed", "put the file itself here");
    case "submodule":
      return error(
        file,
        "file/submodule",
        "a submodule is not followed",
        "state is one repository: put the files themselves here",
      );
    case "too-large":
      return error(
        file,
        "file/too-large",
        `the file has ${size ?? "too many"} bytes, and ${limit ?? "fewer"} are allowed`,
        "split it, or move what is no state to another place",
      );
    case "bad-name":
      return error(
        file,
        "file/bad-name",
        "the path has a name that state may not have",
        "rename it: no `..`, control characters, reserved names or other encodings than UTF-8",
      );
    case "unmerged":
      return error(
        file,
        "file/conflict-marker",
        "git left a conflict in this file, and nobody has resolved it",
        "keep what is right of both sides, remove the markers, and `git add` the file",
      );
    case "too-many":
      return error(
        file,
        "file/too-many",
        `the state has ${size ?? "too many"} files, and ${limit ?? "fewer"} are allowed`,
        "set the state root to the folder that holds state only",
      );
  }
}

function error(file: string, rule: string, message: string, help: string): Diagnostic {
  return { rule, severity: "error", message, file, related: [], notes: [], help };
}

/** A path may hold anything; what is printed holds no control characters. */
function printable(path: string): string {
  return path.replaceAll(/\p{C}/gu, "\ufffd");
}
