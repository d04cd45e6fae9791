import { DomainError } from "../../../protocol/domain-error.ts";
import type { AnswerSigner } from "../../fleet/fleet-desk.ts";
import type { ServedManifest } from "../../http/manifest/served-manifest.ts";
import { KeyError } from "../../keys/key-error.ts";
import { readKeyFile } from "../../keys/key-file.ts";
import { onlineKeyFiles } from "../../keys/state-folder-keys.ts";
import { readRole } from "../../trust/read-role.ts";
import type { ReconcilingOptions } from "../controller-options.ts";

/** Where the online key may be. */
type KeyPlaces = Pick<ReconcilingOptions, "stateFolder" | "onlineKeyFile" | "devKeys">;

/**
 * The online key, for signing answers to devices and nothing else. It is the key of which the served root says that it
 * signs the timestamp: devices believe no other. It is read again when another manifest is served, and while there is none:
 * a rotation changes the file and the root at about the same time.
 */
export class OnlineSigner {
  private readonly places: KeyPlaces;
  private readonly onUnusable: (why: string) => void;
  private known: { readonly served: ServedManifest; readonly signer: AnswerSigner } | undefined;
  private saidWhy: string | undefined;

  /** @param onUnusable told why there is no key to sign with, once for each reason */
  constructor(places: KeyPlaces, onUnusable: (why: string) => void) {
    this.places = places;
    this.onUnusable = onUnusable;
  }

  /** `undefined`: there is none that devices would believe, and somebody has been told why. */
  find(served: ServedManifest): AnswerSigner | undefined {
    if (this.known?.served === served) return this.known.signer;
    try {
      const signer = this.read(served);
      this.known = { served, signer };
      this.saidWhy = undefined;
      return signer;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.message !== this.saidWhy) this.onUnusable(error.message);
      this.saidWhy = error.message;
      return undefined;
    }
  }

  /** @throws KeyError, ProtocolError, SystemError */
  private read(served: ServedManifest): AnswerSigner {
    const { stateFolder, onlineKeyFile, devKeys } = this.places;
    const trusted = timestampKeyIds(served);
    for (const file of onlineKeyFiles(stateFolder, onlineKeyFile, devKeys)) {
      const key = readKeyFile(file, "online");
      if (trusted.includes(key.keyid)) {
        return { keyid: key.keyid, sign: (bytes) => key.signBytes(bytes) };
      }
    }
    throw new KeyError("keys/not-found", "no key file holds the key that signs the served timestamp");
  }
}

/** Ids of the keys that the newest served root lets sign the timestamp. */
function timestampKeyIds({ metadata }: ServedManifest): readonly string[] {
  let newest = 0;
  for (const name of metadata.keys())
    newest = Math.max(newest, Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? 0));
  const root = metadata.get(`${newest}.root.json`);
  if (root === undefined) return [];
  return readRole("root", root.representations.identity.bytes).role.roles.timestamp.keyids;
}
