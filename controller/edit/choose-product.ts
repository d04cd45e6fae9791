import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import { EditError, type EditErrorCode } from "./edit-error.ts";
import {
  type ChannelFacts,
  channelFile,
  type StateFiles,
  type VersionFacts,
  versionFile,
} from "./state-files.ts";

/**
 * The product that a command is about: the one named, or the only one there is.
 *
 * @throws EditError `edit/unknown-product`, `edit/product-needed`
 */
export function chooseProduct(files: StateFiles, named: string | undefined): string {
  const products = files.products();
  if (named !== undefined) {
    if (products.includes(named)) return named;
    throw notThere("edit/unknown-product", `product \`${named}\` does not exist`, named, products);
  }
  const [only, ...others] = products;
  if (only === undefined) {
    throw new EditError("edit/unknown-product", "the state has no product", {
      help: "add products/<product>/product.yaml",
    });
  }
  if (others.length > 0) {
    throw new EditError("edit/product-needed", "the state has more than one product", {
      help: `say which with --product: ${products.join(", ")}`,
    });
  }
  return only;
}

/** @throws EditError `edit/unknown-version` */
export function requireVersion(files: StateFiles, product: string, version: string): VersionFacts {
  const facts = files.version(product, version);
  if (facts !== undefined) return facts;
  const message = `${product} ${version} does not exist: there is no ${versionFile(product, version)}`;
  const known = files.versions(product);
  const shown = known.length > 12 ? [...known.slice(-12), "..."] : known;
  throw new EditError("edit/unknown-version", message, { help: `there is: ${shown.join(", ") || "none"}` });
}

/** @throws EditError `edit/unknown-version`, `edit/yanked-version` */
export function requireActiveVersion(files: StateFiles, product: string, version: string): VersionFacts {
  const facts = requireVersion(files, product, version);
  if (facts.active) return facts;
  const why = facts.yankReason === undefined ? "" : `: ${facts.yankReason}`;
  throw new EditError("edit/yanked-version", `${product} ${version} is yanked${why}`, {
    help: `choose another version, or make it active again with \`fairlead unyank ${version} --reason ...\``,
  });
}

/** @throws EditError `edit/unknown-channel` */
export function requireChannel(files: StateFiles, product: string, channel: string): ChannelFacts {
  const facts = files.channel(product, channel);
  if (facts !== undefined) return facts;
  const message = `${product} has no channel \`${channel}\`: there is no ${channelFile(product, channel)}`;
  throw notThere("edit/unknown-channel", message, channel, files.channels(product));
}

/** A name that nothing has, with what there is. */
export function notThere(
  code: EditErrorCode,
  message: string,
  name: string,
  known: readonly string[],
): EditError {
  return new EditError(code, message, { help: nearestOrListed(name, known) });
}
