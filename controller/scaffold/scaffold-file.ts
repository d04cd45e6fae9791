/** One file of a new state repository. */
export interface ScaffoldFile {
  /** Relative to the repository's top, with `/`. */
  readonly path: string;
  readonly content: string;
  /** Whether it can be run. */
  readonly executable?: true;
}
