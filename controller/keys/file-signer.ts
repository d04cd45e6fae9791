import type { Signature } from "../../protocol/tuf/roles.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import { KeyError } from "./key-error.ts";
import type { KeyFile } from "./key-file.ts";
import type { Passphrases } from "./passphrases.ts";
import type { Signer } from "./signer.ts";

/** Signs with the key in a file, which is opened when it is first needed. */
export class FileSigner implements Signer {
  private readonly file: KeyFile;
  private readonly passphrases: Passphrases;
  private opened: SigningKey | undefined;

  constructor(file: KeyFile, passphrases: Passphrases) {
    this.file = file;
    this.passphrases = passphrases;
  }

  get name(): string {
    return this.file.path;
  }

  async sign(message: Uint8Array, candidates: readonly PublicKey[]): Promise<Signature | undefined> {
    const { keyid } = this.file.publicKey;
    if (!candidates.some((candidate) => candidate.keyid === keyid)) return undefined;
    this.opened ??= await unlock(this.file, this.passphrases);
    return keySigner(this.name, this.opened).sign(message, candidates);
  }
}

/** Signs with a key that was just made and is in no file yet. */
export function keySigner(name: string, key: SigningKey): Signer {
  return {
    name,
    async sign(message, candidates) {
      if (!candidates.some(({ keyid }) => keyid === key.keyid)) return undefined;
      return { keyid: key.keyid, sig: Buffer.from(key.signBytes(message)).toString("hex") };
    },
  };
}

/**
 * Opens a key file, asking for passphrases until one opens it or there are no more.
 *
 * @throws KeyError `keys/passphrase-needed`, `keys/wrong-passphrase`, `keys/unreadable`
 */
export async function unlock(file: KeyFile, passphrases: Passphrases): Promise<SigningKey> {
  const plain = file.isEncrypted ? undefined : file.unlock();
  if (plain !== undefined) return plain;
  for (let attempt = 0; ; attempt++) {
    const passphrase = await passphrases.toOpen(file.path, attempt);
    if (passphrase === undefined) throw noPassphrase(file.path, attempt);
    const key = file.unlock(passphrase);
    if (key !== undefined) return key;
  }
}

function noPassphrase(path: string, attempts: number): KeyError {
  return attempts === 0
    ? new KeyError("keys/passphrase-needed", `\`${path}\` is encrypted, and there is no terminal to ask at`, {
        help: "give the passphrase with --passphrase-fd N, such as `--passphrase-fd 3 3< <(your-vault read root)`",
      })
    : new KeyError("keys/wrong-passphrase", `the passphrase does not open \`${path}\``, {
        help: "without its passphrase a key is lost: replace it with `fairlead keys revoke`, signed by the others",
      });
}
