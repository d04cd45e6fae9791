import { join } from "node:path";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import type { NewKey } from "./change-holders.ts";
import { KeyError } from "./key-error.ts";
import type { PublicHalf } from "./public-key-file.ts";

/** A private key that was made for a ceremony, and the file that it is to be in. */
export interface MadeKey {
  readonly path: string;
  readonly key: SigningKey;
}

/**
 * Where the new keys of a ceremony come from: public halves that their holders sent, or else keys that are made here.
 * Nothing is written.
 */
export class KeySupply {
  private readonly folder: string;
  private readonly halves: PublicHalf[];
  private readonly madeKeys: MadeKey[] = [];

  /** @param folder where keys that are made here will be */
  constructor(folder: string, halves: readonly PublicHalf[]) {
    this.folder = folder;
    this.halves = [...halves];
  }

  /** Public halves for a role that nobody has taken yet. */
  count(role: KeyRole): number {
    return this.halves.filter((half) => half.role === role).length;
  }

  /** A new key for a role. @param fileName of one that is made here, without its ending; with its id when absent */
  take(role: KeyRole, fileName?: string, holder?: string): NewKey {
    const index = this.halves.findIndex((half) => half.role === role);
    const [half] = index === -1 ? [] : this.halves.splice(index, 1);
    if (half !== undefined) {
      const { publicKey, holder } = half;
      return { ...publicKey, ...(holder === undefined ? {} : { holder }) };
    }
    const key = SigningKey.generate(role);
    const name = fileName ?? `${role}-${key.keyid.slice(0, 8)}`;
    this.madeKeys.push({ path: join(this.folder, `${name}.json`), key });
    return { key: key.key, keyid: key.keyid, ...(holder === undefined ? {} : { holder }) };
  }

  /**
   * The keys that were made here.
   *
   * @throws KeyError `keys/wrong-role`: a public half was given that the ceremony has no use for
   */
  made(): readonly MadeKey[] {
    const [unused] = this.halves;
    if (unused === undefined) return this.madeKeys;
    throw new KeyError(
      "keys/wrong-role",
      `the public key ${unused.publicKey.keyid.slice(0, 16)} for \`${unused.role}\` has no place in this ceremony`,
      { help: "name with --public only keys of the roles that get a new one" },
    );
  }
}
