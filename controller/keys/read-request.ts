import { readBounded } from "../files/read-bounded.ts";
import { KeyError } from "./key-error.ts";
import { MAX_REQUEST_BYTES, parseRequest, type SigningRequest } from "./signing-request.ts";

/** Reads a signing request from a file. @throws KeyError `keys/bad-request` */
export function readRequest(path: string): SigningRequest {
  let bytes: Buffer | undefined;
  try {
    bytes = readBounded(path, MAX_REQUEST_BYTES);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? cause.code : cause;
    throw new KeyError("keys/bad-request", `\`${path}\` cannot be read: ${why}`, {
      help: "name a file that `fairlead keys request` or `fairlead keys sign` wrote",
      cause,
    });
  }
  if (bytes !== undefined) return parseRequest(bytes, path);
  throw new KeyError(
    "keys/bad-request",
    `\`${path}\` has more than ${MAX_REQUEST_BYTES} bytes, or is no file`,
  );
}
