import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import type { ReadRole } from "../../protocol/tuf/read-role.ts";
import type { RoleDocument, RootRole, Signature, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { readRole } from "../trust/read-role.ts";

interface Document<Kind extends string, Role extends RoleDocument> {
  readonly kind: Kind;
  readonly role: Role;
  readonly signatures: readonly Signature[];
}

export type RootDocument = Document<"root", RootRole>;
export type TargetsDocument = Document<"targets", TargetsRole>;
/** The index of what the release key of a product signed. */
export type IndexDocument = Document<"index", TargetsRole> & { readonly product: string };

/** One signed file of `trust/`, as it is or as it is to be. */
export type TrustDocument = RootDocument | TargetsDocument | IndexDocument;

/** Documents of one `trust/` folder: of its roots the newest. */
export interface TrustDocuments {
  readonly root?: RootDocument;
  readonly targets?: TargetsDocument;
  /** By product. */
  readonly indexes: ReadonlyMap<string, IndexDocument>;
}

/** In the order in which they are shown and signed. */
export function listDocuments({ root, targets, indexes }: TrustDocuments): TrustDocument[] {
  return [root, targets, ...indexes.values()].filter((document) => document !== undefined);
}

/** Where a document belongs, relative to the state root. */
export function documentPath(document: TrustDocument): string {
  switch (document.kind) {
    case "root":
      return `trust/root/${document.role.version}.root.json`;
    case "targets":
      return "trust/targets.json";
    case "index":
      return `trust/releases/${document.product}.json`;
  }
}

/** Whether two documents say the same, whoever signed them. */
export function saysTheSame(a: TrustDocument | undefined, b: TrustDocument | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalBytes(a.role).equals(canonicalBytes(b.role));
}

/**
 * The documents of a `trust/` folder, by form: who signed them is not looked at. An index that cannot be read, as after
 * a merge conflict, counts as absent: whoever signs it makes it anew from the version files.
 *
 * @throws DomainError of whoever reads roles, for root and targets
 */
export function documentsOf({ roots, targets, releases }: TrustFiles): TrustDocuments {
  const root = newestRoot({ roots });
  const indexes = new Map<string, IndexDocument>();
  for (const [product, bytes] of releases) {
    try {
      indexes.set(product, readIndexDocument(product, bytes));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return {
    ...(root === undefined ? {} : { root }),
    ...(targets === undefined ? {} : { targets: readTargetsDocument(targets) }),
    indexes,
  };
}

/** The root that is in force; `undefined` where there is none. */
export function newestRoot({ roots }: Pick<TrustFiles, "roots">): RootDocument | undefined {
  const bytes = roots.get(Math.max(...roots.keys()));
  return bytes && readRootDocument(bytes);
}

export function readRootDocument(bytes: Buffer): RootDocument {
  return { kind: "root", ...partsOf(readRole("root", bytes)) };
}

export function readTargetsDocument(bytes: Buffer): TargetsDocument {
  return { kind: "targets", ...partsOf(readRole("targets", bytes)) };
}

export function readIndexDocument(product: string, bytes: Buffer): IndexDocument {
  return { kind: "index", product, ...partsOf(readRole("targets", bytes)) };
}

/** With all that was signed, also what readers pass over: the names of holders, and what a later Fairlead adds. */
function partsOf<Role extends RoleDocument>({ role, signed, signatures }: ReadRole<Role>) {
  return {
    role: Object.assign({}, role, signed),
    signatures: [...signatures].map(([keyid, bytes]): Signature => ({ keyid, sig: bytes.toString("hex") })),
  };
}
