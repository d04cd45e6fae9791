import type { TrustFiles } from "../state/fleet-model.ts";
import { type FirstKeys, init } from "./ceremonies.ts";
import { keySigner } from "./file-signer.ts";
import { signedFiles, trustFilesToWrite, writeKeysAnd } from "./finish-ceremony.ts";
import { KeySupply, type MadeKey } from "./key-supply.ts";
import { firstNamingSecret } from "./naming-secret.ts";
import { requestFirstTrust } from "./prepare-request.ts";
import { readUntrustedState } from "./present-trust.ts";
import { requireComplete, signRequest } from "./sign-request.ts";
import type { Signer } from "./signer.ts";
import type { SigningRequest } from "./signing-request.ts";

/** A ceremony with every key at hand. */
export interface Gathering {
  /** The state root, whose `trust/` is written. */
  readonly root: string;
  readonly request: SigningRequest;
  /** What is in force; `undefined` for the first keys. */
  readonly present: TrustFiles | undefined;
  readonly signers: readonly Signer[];
  /** New keys that were made for it; they sign as well. */
  readonly made: readonly MadeKey[];
  /** Encrypts the new keys. */
  readonly passphrase?: string | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

/** What a ceremony has written. */
export interface Held {
  readonly request: SigningRequest;
  readonly made: readonly MadeKey[];
  /** Where the naming secret of a new fleet is. */
  readonly namingSecret: string | undefined;
  /** Files of `trust/`, relative to the state root. */
  readonly trust: readonly string[];
}

const NOT_ENOUGH =
  "bring the keys together in one folder for as long as this takes (--dir), or let each holder sign on their own " +
  "machine: put `request` before the command, as in `fairlead keys request renew`";

/**
 * Signs and writes at once: new private keys and `trust/`, all files or none.
 *
 * @throws KeyError
 */
export async function holdCeremony(gathering: Gathering): Promise<Held> {
  const { root, made, present, passphrase, now } = gathering;
  const own = made.map(({ path, key }) => keySigner(path, key));
  const { request } = await signRequest(gathering.request, [...gathering.signers, ...own]);
  requireComplete(request, NOT_ENOUGH);
  const files = signedFiles(request, present, now);
  const names = present === undefined ? firstNamingSecret(made) : [];
  writeKeysAnd(made, passphrase, [...names, ...trustFilesToWrite(root, files)]);
  return { request, made, namingSecret: names[0]?.path, trust: [...files.keys()] };
}

/**
 * Makes the first keys of a state and the `trust/` folder that names them, all on this machine.
 *
 * @param products that get a release key; all of the state when absent
 * @throws KeyError, WorktreeStateError, SourceError
 */
export async function holdFirstCeremony(
  root: string,
  keyFolder: string,
  plan: Omit<FirstKeys, "products"> & { readonly products?: readonly string[] },
  now: number,
): Promise<Held> {
  const state = await readUntrustedState(root);
  const supply = new KeySupply(keyFolder, []);
  const ceremony = init(supply, { ...plan, products: plan.products ?? state.productNames() });
  const request = requestFirstTrust(state, ceremony, now);
  return holdCeremony({ root, request, present: undefined, signers: [], made: supply.made(), now });
}
