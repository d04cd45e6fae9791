import { readWhere } from "../../protocol/trail.ts";
import { spanOfPointer } from "../explain/locate-pointer.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { SNAPSHOT_LIMITS } from "../source/state-file.ts";
import type { StateDocument } from "../state/fleet-model.ts";
import { readDocument } from "../state/read-document.ts";
import { type DocumentKind, readStatePath } from "../state/state-layout.ts";
import type { AskedLine } from "./preview-service.ts";

/**
 * Where the files of one commit say what rules of a trail point to. Only the files that are named are read: of a state with
 * thousands of tenants a trail names a handful.
 *
 * @param path state root inside the repository, with `/`
 * @returns the lines, in the order of what was asked; `null` where the commit has no such state file
 * @throws SourceError
 */
export async function linesOfPlaces(
  repository: GitRepository,
  commit: string,
  path: string,
  asked: readonly AskedLine[],
): Promise<(number | null)[]> {
  const places = asked.map(({ where, platform }) => ({ ...readWhere(where), platform }));
  const documents = await readDocuments(repository, commit, path, new Set(places.map(({ file }) => file)));
  return places.map(({ file, pointer, platform }) => {
    const document = documents.get(file);
    return document === undefined ? null : spanOfPointer(document, pointer, { platform }).line;
  });
}

async function readDocuments(
  repository: GitRepository,
  commit: string,
  path: string,
  files: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StateDocument<unknown>>> {
  const named = [...files].flatMap((file) => {
    const kind = documentKind(file);
    return kind === undefined ? [] : [{ file, kind }];
  });
  const prefix = `${commit}:${path === "" ? "" : `${path}/`}`;
  const objects = await repository.objects.read(
    named.map(({ file }) => `${prefix}${file}`),
    SNAPSHOT_LIMITS.yamlBytes,
  );
  const documents = new Map<string, StateDocument<unknown>>();
  for (const [index, { file, kind }] of named.entries()) {
    const object = objects[index];
    if (object?.type !== "blob" || object.bytes === undefined) continue;
    const reading = readDocument(kind, { path: file, blob: object.id, bytes: object.bytes });
    if (reading.ok) documents.set(file, reading.document);
  }
  return documents;
}

/** What a file holds that the schemas know; `undefined` for every other path, whatever is in it. */
function documentKind(file: string): DocumentKind | undefined {
  const { kind } = readStatePath(file);
  switch (kind) {
    case "fleet":
    case "product":
    case "channel":
    case "version":
    case "tenant":
      return kind;
    default:
      return undefined;
  }
}
