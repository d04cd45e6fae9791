import type { PublicKey } from "../trust/build-trust.ts";
import { CommandSigner } from "./command-signer.ts";
import { FileSigner } from "./file-signer.ts";
import { readKeyFolder } from "./key-folder.ts";
import type { Passphrases } from "./passphrases.ts";
import type { Signer } from "./signer.ts";

/** The private keys that somebody who signs can reach. */
export interface KeysAtHand {
  /** A folder of key files; it need not be there. */
  readonly folder: string;
  /** Programs that sign, as a shell reads them. */
  readonly commands: readonly string[];
  readonly passphrases: Passphrases;
}

/**
 * @param known every key that may be asked for: which of them a program holds shows with its first signature
 * @throws KeyError when a key file of the folder cannot be read
 */
export function signersAtHand(keys: KeysAtHand, known: readonly PublicKey[]): Signer[] {
  return [
    ...readKeyFolder(keys.folder).map((file) => new FileSigner(file, keys.passphrases)),
    ...keys.commands.map((command) => new CommandSigner(command, known)),
  ];
}
