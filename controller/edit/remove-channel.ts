import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { chooseProduct, requireChannel } from "./choose-product.ts";
import { declareRemoved, listMachines, type Removal, requireUnused } from "./declare-removed.ts";
import type { Edit, EditContext } from "./edit.ts";
import { channelFile, type StateFiles } from "./state-files.ts";
import { settingsOfTenants } from "./tenant-settings.ts";

export interface RemoveChannelRequest extends Removal {
  readonly product?: string | undefined;
  readonly channel: string;
}

/**
 * Removes a channel that nobody follows, and says why in fleet.yaml: machines choose channels, too.
 *
 * @throws EditError `edit/unknown-channel`, `edit/in-use`
 */
export function removeChannel(context: EditContext, request: RemoveChannelRequest): Edit {
  const { files, devices = [] } = context;
  const { channel, reason } = request;
  const product = chooseProduct(files, request.product);
  requireChannel(files, product, channel);
  const name = `${product}/${channel}`;
  requireUnused(
    `channel ${name} is followed by`,
    followersOf(files, product, channel),
    "let them follow another channel first: who follows one that is gone is offered nothing",
  );
  const chose = devices.filter((record) => record.product === product && record.channel === channel);
  requireUnused(
    `channel ${name} was chosen by`,
    listMachines(chose.map(({ device }) => device)),
    "let them choose another first (`fairlead-agent update --channel NAME`), or say `localOverrides: deny` where they are",
  );
  const path = channelFile(product, channel);
  return {
    subject: `remove channel ${name}`,
    reason,
    changes: [
      { path, before: files.text(path), after: undefined },
      declareRemoved(files, "channels", [name], request),
    ],
    notices: [
      ...(context.devices === undefined
        ? ["nobody looked whether a machine chose it by itself: --inventory says so"]
        : []),
      "`removed` in fleet.yaml keeps the name from being taken",
    ],
  };
}

/** Who says in state that they follow the channel, for all products or for this one. */
function followersOf(files: StateFiles, product: string, channel: string): readonly string[] {
  const follows = (settings: unknown): boolean =>
    textAt(settings, "channel") === channel ||
    textAt(memberOf(memberOf(settings, "products"), product), "channel") === channel;
  const found: string[] = [];
  if (textAt(files.value("fleet.yaml"), "defaultChannel") === channel)
    found.push("the fleet's default (fleet.yaml)");
  for (const other of files.channels(product)) {
    const path = channelFile(product, other);
    const promotion = memberOf(files.value(path), "promotion");
    if (textAt(promotion, "from") === channel) found.push(`channel ${product}/${other} (${path})`);
  }
  for (const { label, file, settings } of settingsOfTenants(files)) {
    if (follows(settings)) found.push(`${label} (${file})`);
  }
  return found;
}
