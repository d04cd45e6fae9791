/** Where passphrases come from: a person at a terminal, a descriptor, a test. */
export interface Passphrases {
  /**
   * One that may open a key file.
   *
   * @param attempt how many were tried before, from 0
   * @returns `undefined` when there is none (any more)
   */
  toOpen(path: string, attempt: number): Promise<string | undefined>;
  /**
   * One that new key files are encrypted with; the same for all files of one command.
   *
   * @throws KeyError `keys/passphrase-needed`
   */
  forNewKeys(): Promise<string>;
}
