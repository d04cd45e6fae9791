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
  /** Waves count from now, as if it were promoted anew. */
  readonly restartsWaves: boolean;
}

/**
 * Lets what a channel points to go on after a halt: ends a commit's own, and those of the gate up to now, which stand in
 * no file. Reports up to now no longer count. The time of waves goes on during a halt (docs/decisions/0013): to begin
 * them anew, `rollout.startsAt` is set, which every agent knows.
 *
 * @throws EditError `edit/unknown-version`, `edit/yanked-version`, `edit/bad-argument`, or a name that does not exist
 */
export function resumeHalt({ files, now }: EditContext, request: ResumeHaltRequest): Edit {
  const { channel, reason, restartsWaves } = request;
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
  const rollout = memberOf(said, "rollout");
  if (restartsWaves && memberOf(rollout, "waves") === undefined) {
    throw new EditError("edit/bad-argument", `channel \`${channel}\` of ${product} has no waves to restart`);
  }
  const change = changeFile(files, file, (text) => {
    const goesOn = setInYaml(isHaltedHere ? removeFromYaml(text, ["halted"]) : text, ["resumed"], resumed);
    return restartsWaves ? setInYaml(goesOn, ["rollout", "startsAt"], resumed.at) : goesOn;
  });
  const notices = [
    `halts of ${version} by the gate up to ${resumed.at} end, and the gate counts what devices report after it`,
  ];
  if (restartsWaves) {
    notices.push(
      `waves count from ${resumed.at}: the first of them again, and each other at its time after that`,
    );
  } else if (rollout !== undefined && (textAt(rollout, "advance") ?? "time") === "time") {
    notices.push(
      "time opened waves meanwhile: all whose time has come get it at once; `--restart-waves` begins them anew",
    );
  }
  return {
    subject: `resume ${product} ${version} on ${channel}`,
    reason,
    changes: effectiveChanges([change]),
    notices,
  };
}
