import { join } from "node:path";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { integer, object, oneOf, optional, parseJson, type Reader } from "../../protocol/read-json.ts";
import { VERSION_SCHEMES, type VersionScheme } from "../../protocol/version.ts";
import { OwnFile } from "../home/own-file.ts";
import { type Build, readBuild } from "../installation/build.ts";

const MAX_BYTES = 8192;

/** An installation that the helper has begun and nobody has settled: what `restore` undoes. */
export interface OpenInstallation {
  /** Absent: nothing was installed. */
  readonly from?: Build;
  readonly to: Build;
  readonly versionScheme: VersionScheme;
}

/** What the helper remembers of one product, for itself. */
export interface ProductNotes {
  readonly installed?: Build;
  readonly previous?: Build & { readonly keptAt: number };
  readonly open?: OpenInstallation;
}

const kept = object({ build: readBuild, keptAt: integer(0) });
const open = object({
  from: optional(readBuild),
  to: readBuild,
  versionScheme: oneOf(...VERSION_SCHEMES),
});
const fields = object({
  format: oneOf(1),
  installed: optional(readBuild),
  previous: optional(kept),
  open: optional(open),
});

const read: Reader<ProductNotes> = (value, at) => {
  const { installed, previous, open } = fields(value, at);
  return {
    ...(installed === undefined ? {} : { installed }),
    ...(previous === undefined ? {} : { previous: { ...previous.build, keptAt: previous.keptAt } }),
    ...(open === undefined ? {} : { open }),
  };
};

/** A product's notes on disk, old or new and never partial. */
export class ProductNotesFile {
  private readonly file: OwnFile<ProductNotes>;

  constructor(folder: string, product: string) {
    this.file = new OwnFile(join(folder, `${product}.json`), MAX_BYTES, (bytes) => {
      try {
        return read(parseJson(bytes, MAX_BYTES), "");
      } catch (error) {
        if (error instanceof ProtocolError) return undefined;
        throw error;
      }
    });
  }

  /** @throws HomeError */
  read(): ProductNotes {
    return this.file.read() ?? {};
  }

  /** @throws HomeError; the notes before are then still there */
  write({ installed, previous, open }: ProductNotes): void {
    const { keptAt, ...build } = previous ?? { keptAt: 0 };
    const document = {
      format: 1,
      installed,
      previous: previous === undefined ? undefined : { build, keptAt },
      open,
    };
    this.file.write(`${JSON.stringify(document)}\n`);
  }
}
