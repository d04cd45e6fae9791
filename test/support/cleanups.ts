/** Whoever is told what has to be undone at the end: a test, or the tests of a file together. */
export interface Cleanups {
  after(cleanup: () => unknown): void;
}
