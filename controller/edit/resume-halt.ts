import { formatTime } from "../../protocol/trail.ts";
import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { channelFile } from "./state-files.ts";

export interface ResumeHaltRequest {
  readonly product: string | undefined;
  readonly channel: string;
  readonly reason: string;
}

/**
 * Lets what a channel points to go on after a halt: ends a commit's own, and those of the gate up to now, which stand in
 * no file. Reports up to now no longer count.
 *
 * @throws EditError `edit/unknown-version`, `edit/yanked-version`, or a name that does not exist
 */
export function resumeHalt({ files, now }: EditContext, request: ResumeHaltRequest): Edit {
  const { channel, reason } = request;
  const product = chooseProduct(files, request.product);
  const { version } = requireChannel(files, product, channel);
  if (version === undefined) {
    throw new EditError("edit/unknown-version", `channel \`${channel}\` of ${product} points to no version`);
  }
  requireActiveVersion(files, product, version);
  const file = channelFile(product, channel);
  const said = files.value(file);
  const isHaltedHere = textAt(memberOf(said, "halted"), "version") === version;
  const resumed = { version, at: formatTime(now), reason };
  const change = changeFile(files, file, (text) =>
    setInYaml(isHaltedHere ? removeFromYaml(text, ["halted"]) : text, ["resumed"], resumed),
  );
  const notices = [
    `halts of ${version} by the gate up to ${resumed.at} end, and the gate counts what devices report after it`,
  ];
  const advance = textAt(memberOf(said, "rollout"), "advance") ?? "time";
  if (advance === "time" && memberOf(said, "rollout") !== undefined) {
    notices.push(
      "time opened waves meanwhile: all whose time has come get it at once; `rollout.advance: healthy` opens one after the other",
    );
  }
  return {
    subject: `resume ${product} ${version} on ${channel}`,
    reason,
    changes: effectiveChanges([change]),
    notices,
  };
}
