/** A file of the artifact folder. */
export interface ListedArtifact {
  /** Bytes; of a pointer of Git LFS, those of the file that it stands for. */
  readonly size: number;
  /** SHA-256, hexadecimal; absent: nobody has read the file. A pointer of Git LFS says its file's. */
  readonly sha256?: string;
}

/** The files of an artifact folder, by their paths below it, with `/`. */
export type ArtifactListing = ReadonlyMap<string, ListedArtifact>;
