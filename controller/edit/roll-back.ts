import { compareVersions, isRange, isVersion, versionInRange } from "../../protocol/version.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import { leaveVersion } from "./leave-version.ts";
import { schemeOf } from "./promote-version.ts";
import { channelFile } from "./state-files.ts";

export interface RollBackRequest {
  readonly product: string | undefined;
  readonly channel: string;
  readonly to: string;
  readonly reason: string;
}

/**
 * Points a channel to an earlier version and declares the downgrade from the version that it leaves. Devices follow
 * only as far as that version's signed `rollbackTo` goes, so a target outside it is refused.
 *
 * @throws EditError `edit/rollback-not-allowed`, `edit/yanked-version`, or a name that does not exist
 */
export function rollBack({ files }: EditContext, request: RollBackRequest): Edit {
  const product = chooseProduct(files, request.product);
  const { version: left, rollbackFrom } = requireChannel(files, product, request.channel);
  requireActiveVersion(files, product, request.to);
  const subject = `roll back ${product} ${request.channel} to ${request.to}`;
  if (left === request.to) {
    return { subject, changes: [], notices: [`${request.channel} already points to ${request.to}`] };
  }
  const scheme = schemeOf(files, product);
  if (left === undefined || !isVersion(scheme, left) || compareVersions(scheme, request.to, left) > 0) {
    throw new EditError("edit/rollback-not-allowed", `${request.to} is not lower than ${left ?? "nothing"}`, {
      help: `use \`fairlead promote ${request.to} --to ${request.channel}\``,
    });
  }
  const range = files.version(product, left)?.rollbackTo;
  if (range === undefined || !isRange(scheme, range) || !versionInRange(scheme, request.to, range)) {
    const says = range === undefined ? "declares no rollbackTo" : `may be rolled back to ${range} only`;
    throw new EditError(
      "edit/rollback-not-allowed",
      `${product} ${left} ${says}, so no device would go to ${request.to}`,
      {
        help:
          `stop it with \`fairlead yank ${left} --reason ...\` and promote a corrected version above it; ` +
          "only the release key can allow a downgrade",
      },
    );
  }
  const leaving = [...rollbackFrom.filter((version) => version !== request.to && version !== left), left];
  const change = changeFile(files, channelFile(product, request.channel), (text) => {
    const pointed = setInYaml(text, ["version"], request.to);
    const declared = setInYaml(pointed, ["rollback", "from"], leaving);
    const reasoned = setInYaml(declared, ["rollback", "reason"], request.reason);
    return leaveVersion(reasoned, files.value(channelFile(product, request.channel)), request.to);
  });
  return {
    subject,
    reason: request.reason,
    changes: effectiveChanges([change]),
    notices: [
      `${request.channel} of ${product}: ${left} -> ${request.to}; devices on ${leaving.join(", ")} go down`,
    ],
  };
}
