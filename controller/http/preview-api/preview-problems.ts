import { DomainError } from "../../../protocol/domain-error.ts";
import { PreviewError } from "../../preview/preview-error.ts";
import { HttpError } from "../http-error.ts";

/** Waits for an answer of the part that reads git, and turns its refusals into those of HTTP. @throws HttpError */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw problemOfPreview(error);
  }
}

function problemOfPreview(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const { message, help } = error;
  const more = { cause: error, ...(help === undefined ? {} : { help }) };
  if (error instanceof PreviewError) {
    switch (error.code) {
      case "preview/base-moved":
        return new HttpError("http/base-moved", message, more);
      case "preview/branch-exists":
        return new HttpError("http/branch-exists", message, more);
      case "preview/change-refused":
        return new HttpError("http/change-refused", message, more);
      case "preview/unknown-branch":
        return new HttpError("http/not-found", message, more);
      case "preview/nothing-served":
        return new HttpError("http/no-manifest", message, more);
      case "preview/busy":
      case "preview/unavailable":
        return new HttpError("http/git-unavailable", message, more);
    }
  }
  // What git says of a remote names no secret: it is made safe where it is read.
  return /^(source|system|plan)\//.test(error.code)
    ? new HttpError("http/git-unavailable", message, more)
    : error;
}
