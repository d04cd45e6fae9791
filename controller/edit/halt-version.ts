import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { channelFile } from "./state-files.ts";

export interface HaltRequest {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly reason: string;
}

/**
 * Stops the version that a channel points to: nobody else gets it. An earlier resumption of it has ended by that.
 *
 * @throws EditError `edit/unknown-version` when the channel points to another one, or a name that does not exist
 */
export function haltVersion({ files }: EditContext, request: HaltRequest): Edit {
  const { channel, version, reason } = request;
  const product = chooseProduct(files, request.product);
  const { version: current } = requireChannel(files, product, channel);
  if (current !== version) {
    throw new EditError(
      "edit/unknown-version",
      `${channel} points to ${current ?? "nothing"}, not to ${version}`,
    );
  }
  const file = channelFile(product, channel);
  const isResumed = textAt(memberOf(files.value(file), "resumed"), "version") === version;
  const change = changeFile(files, file, (text) =>
    setInYaml(isResumed ? removeFromYaml(text, ["resumed"]) : text, ["halted"], { version, reason }),
  );
  return {
    subject: `halt ${product} ${version} on ${channel}`,
    reason,
    changes: effectiveChanges([change]),
    notices: [],
  };
}
