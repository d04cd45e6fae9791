import { type EncodedFile, type PreparedFile, prepareFile } from "../manifest/prepared-file.ts";

/** A file of the page. */
export interface PageFile {
  /** All but that of the document hold a hash of what is in the file. */
  readonly name: string;
  readonly contentType: string;
  readonly encoded: EncodedFile;
}

/** The page as it was built: one document, and what it asks for. */
export interface BuiltPage {
  readonly document: PageFile;
  readonly parts: readonly PageFile[];
}

/** The page, ready to be sent. */
export interface SentPage {
  readonly document: PreparedFile;
  /** By their names. */
  readonly parts: ReadonlyMap<string, PreparedFile>;
}

/**
 * The page as soon as there is one; `undefined`: it could not be had. Never rejects: nothing that agents ask for depends
 * on it.
 */
export type PreparedPage = () => Promise<SentPage | undefined>;

/** What is asked for under a name with a hash never changes. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** The document names the others, so it is asked for each time. */
const ASK_AGAIN = "no-cache";

export function preparePage({ document, parts }: BuiltPage): SentPage {
  return {
    document: prepareFile(document.encoded, ASK_AGAIN, document.contentType),
    parts: new Map(
      parts.map(({ name, encoded, contentType }) => [name, prepareFile(encoded, FOR_EVER, contentType)]),
    ),
  };
}
