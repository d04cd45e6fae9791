import { advanceWaves } from "../edit/advance-waves.ts";
import type { Edit, EditContext } from "../edit/edit.ts";
import { pauseScope, resumeScope } from "../edit/pause-scope.ts";
import { pinVersion, unpinVersion } from "../edit/pin-version.ts";
import { promoteVersion } from "../edit/promote-version.ts";
import { resumeHalt } from "../edit/resume-halt.ts";
import { rollBack } from "../edit/roll-back.ts";
import { setMinimum } from "../edit/set-minimum.ts";
import { unyankVersion, yankVersion } from "../edit/yank-version.ts";
import type { ChangeRequest } from "./change-request.ts";

/** What a change does to the files. Pure. @throws EditError */
export function editOf(change: ChangeRequest, context: EditContext): Edit {
  switch (change.kind) {
    case "promote": {
      const { product, channel, version } = change;
      return promoteVersion(context, { product, source: { version }, to: channel });
    }
    case "rollback": {
      const { product, channel, version, reason } = change;
      return rollBack(context, { product, channel, to: version, reason });
    }
    case "yank":
      return yankVersion(context, change);
    case "unyank":
      return unyankVersion(context, change);
    case "pause":
      return pauseScope(context, change);
    case "resume":
      return resumeScope(context, change);
    case "resume-halt": {
      const { product, channel, reason, restartWaves = false } = change;
      return resumeHalt(context, { product, channel, reason, restartsWaves: restartWaves });
    }
    case "advance": {
      const { product, channel, waves } = change;
      return advanceWaves(context, { product, channel, waves });
    }
    case "pin":
      return pinVersion(context, change);
    case "unpin":
      return unpinVersion(context, change);
    case "min-version":
      return setMinimum(context, change);
  }
}
