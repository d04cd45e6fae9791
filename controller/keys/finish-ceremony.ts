import { dirname, join } from "node:path";
import { type FileToWrite, writeTogether } from "../files/write-together.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { encodeRole, GIT_INDENT } from "../trust/sign-role.ts";
import { verifyTrust } from "../trust/verify-trust.ts";
import { isSystemError, KeyError } from "./key-error.ts";
import { encodeKeyFile, keyFileExists } from "./key-file.ts";
import type { MadeKey } from "./key-supply.ts";
import { makeKeyFolder } from "./make-key-folder.ts";
import type { SigningRequest } from "./signing-request.ts";
import {
  documentPath,
  documentsOf,
  listDocuments,
  saysTheSame,
  type TrustDocument,
  type TrustDocuments,
} from "./trust-documents.ts";

/**
 * The files of `trust/` that a complete request leads to, by path relative to the state root. What they make together
 * with the rest is verified once more, as agents will.
 *
 * @param now seconds since 1970
 * @throws KeyError `keys/stale-request`, `keys/trust-invalid`
 */
export function signedFiles(
  request: SigningRequest,
  present: TrustFiles | undefined,
  now: number,
): ReadonlyMap<string, Buffer> {
  requireCurrent(request, present);
  const { root, targets, indexes } = request.proposed;
  const next: TrustFiles = {
    roots: new Map([...(present?.roots ?? []), ...(root === undefined ? [] : [numbered(root)])]),
    ...(present?.targets === undefined ? {} : { targets: present.targets }),
    ...(targets === undefined ? {} : { targets: encode(targets) }),
    releases: new Map([
      ...(present?.releases ?? []),
      ...[...indexes].map(([product, index]): [string, Buffer] => [product, encode(index)]),
    ]),
  };
  const files = new Map(
    listDocuments(request.proposed).map((document) => [documentPath(document), encode(document)]),
  );
  // An index of a product that the ceremony does not touch may be what somebody is about to mend.
  const problem = verifyTrust(next, now).problems.find(
    ({ severity, file }) => severity === "error" && (files.has(file) || !file.startsWith("trust/releases/")),
  );
  if (problem === undefined) return files;
  throw new KeyError("keys/trust-invalid", `${problem.file} would not be sound: ${problem.message}`, {
    help: "nothing was written; `fairlead validate` says what is wrong with the state as it is",
  });
}

/**
 * The request must start from what is in force: after another change, agents would refuse what it leads to.
 *
 * @throws KeyError `keys/stale-request`
 */
export function requireCurrent({ present }: SigningRequest, files: TrustFiles | undefined): void {
  const current: TrustDocuments = files === undefined ? { indexes: new Map() } : documentsOf(files);
  const changed = [
    [present.root, current.root],
    [present.targets, current.targets],
    ...[...present.indexes].map(([product, index]) => [index, current.indexes.get(product)]),
  ].find(([then, now]) => !saysTheSame(then, now));
  if (changed === undefined) return;
  const path = changed.flatMap((document) => (document === undefined ? [] : [documentPath(document)])).at(-1);
  throw new KeyError("keys/stale-request", `${path} is not what the request was made from`, {
    help: "update your clone; if trust/ has changed since, make a new request with `fairlead keys request`",
  });
}

/**
 * Writes new private keys and other files, all or none. Private keys never replace a file, and come first: what names
 * them must not be there without them.
 *
 * @param passphrase encrypts the new keys, but for the online key: the controller has nobody to ask
 * @throws KeyError `keys/exists`, `keys/in-git`, `keys/write-failed`, `keys/weak-passphrase`
 */
export function writeKeysAnd(
  made: readonly MadeKey[],
  passphrase: string | undefined,
  files: readonly FileToWrite[],
): void {
  const keyFiles = made.map(({ path, key }): FileToWrite => {
    const bytes = encodeKeyFile(key, key.role === "online" ? undefined : passphrase);
    return { path, bytes, mode: 0o600, write: "create" };
  });
  const undo = [...new Set(made.map(({ path }) => dirname(path)))].map(makeKeyFolder);
  try {
    writeTogether([...keyFiles, ...files]);
  } catch (cause) {
    for (const step of undo) step();
    const text = cause instanceof Error ? cause.message : String(cause);
    const path = isSystemError(cause, "EEXIST") ? existing(cause, keyFiles) : undefined;
    if (path !== undefined) throw keyFileExists(path);
    throw new KeyError("keys/write-failed", `the files could not be written: ${text}`, {
      help: "nothing was changed; check the disk and the rights on the folders",
      cause,
    });
  }
}

/** Files of `trust/` as they are written: a root is new, the others take the place of what was there. */
export function trustFilesToWrite(root: string, files: ReadonlyMap<string, Buffer>): FileToWrite[] {
  return [...files].map(([path, bytes]) => ({
    path: join(root, path),
    bytes,
    write: path.startsWith("trust/root/") ? "create" : "replace",
  }));
}

function existing(error: unknown, keyFiles: readonly FileToWrite[]): string | undefined {
  const dest = error instanceof Error && "dest" in error ? error.dest : undefined;
  return keyFiles.find(({ path }) => path === dest)?.path;
}

function numbered(root: TrustDocument & { readonly kind: "root" }): [number, Buffer] {
  return [root.role.version, encode(root)];
}

function encode({ role, signatures }: TrustDocument): Buffer {
  return encodeRole(role, signatures, GIT_INDENT);
}
