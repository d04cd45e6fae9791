import type { FileChange } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import type { StateFiles } from "./state-files.ts";

/**
 * Edits the text of one state file.
 *
 * @param initial the text to start from where the file does not exist; without it, that is a mistake
 * @throws EditError `edit/uneditable-file`, with the file named
 */
export function changeFile(
  files: StateFiles,
  path: string,
  edit: (text: string) => string,
  initial?: string,
): FileChange {
  const before = files.text(path);
  const text = before ?? initial;
  if (text === undefined) throw new EditError("edit/uneditable-file", `${path}: no such file`);
  try {
    return { path, before, after: edit(text) };
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    throw new EditError(error.code, `${path}: ${error.message}`, {
      ...(error.help === undefined ? {} : { help: error.help }),
    });
  }
}
