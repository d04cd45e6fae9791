import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import type { Edit, EditContext } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import { requireChannelName, requireNotRemoved } from "./free-name.ts";
import { schemaLine } from "./schema-line.ts";
import { channelFile, type StateFiles } from "./state-files.ts";

export interface AddChannelRequest {
  readonly product?: string | undefined;
  readonly channel: string;
  readonly start: ChannelStart;
}

/** What a new channel points to: a version, or what the channel points to that it follows from then on. */
export type ChannelStart = { readonly version: string } | { readonly from: string };

/**
 * A new channel of a product.
 *
 * @throws EditError `edit/name-taken`, `edit/unknown-version`, `edit/yanked-version`, `edit/unknown-channel`
 */
export function addChannel({ files }: EditContext, request: AddChannelRequest): Edit {
  const { channel, start } = request;
  const product = chooseProduct(files, request.product);
  requireChannelName(channel);
  const path = channelFile(product, channel);
  if (files.text(path) !== undefined) {
    throw new EditError("edit/name-taken", `${product} has a channel \`${channel}\``, {
      help: `\`fairlead promote VERSION --to ${channel}\` points it to another version`,
    });
  }
  requireNotRemoved(files, "channels", `${product}/${channel}`);
  const version = versionFor(files, product, start);
  requireActiveVersion(files, product, version);
  const text = setInYaml(schemaLine("channel", 3), ["version"], version);
  const after = "from" in start ? setInYaml(text, ["promotion"], { from: start.from }) : text;
  return {
    subject: `add channel ${product}/${channel} at ${version}`,
    changes: [{ path, before: undefined, after }],
    notices: ["it has no waves: whoever follows it gets each promotion at once (`rollout`)"],
  };
}

function versionFor(files: StateFiles, product: string, start: ChannelStart): string {
  if ("version" in start) return start.version;
  const { version } = requireChannel(files, product, start.from);
  if (version !== undefined) return version;
  throw new EditError("edit/unknown-version", `channel \`${start.from}\` of ${product} points to no version`);
}
