import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatByteSize } from "../../protocol/byte-size.ts";
import { errnoOf } from "../files/errno.ts";
import { CREATE_EXCLUSIVELY } from "../files/replace-file.ts";
import { holdLock } from "../process/hold-lock.ts";
import { runBounded } from "../process/run-bounded.ts";
import { type Finding, fine, problem, unknown } from "./finding.ts";

/** Left free beside two versions. */
const MARGIN_BYTES = 16 * 1024 * 1024;

/** Whether the agent may write there, found out by writing. */
export function lookAtWriting(check: string, folder: string): Finding {
  const probe = join(folder, `.fairlead-probe-${randomBytes(6).toString("hex")}`);
  try {
    closeSync(openSync(probe, CREATE_EXCLUSIVELY, 0o600));
    return fine(check, `\`${folder}\` can be written to`);
  } catch (error) {
    return unwritable(check, folder, errnoOf(error) ?? String(error));
  } finally {
    rmSync(probe, { force: true });
  }
}

function unwritable(check: string, folder: string, errno: string): Finding {
  const text = `\`${folder}\` cannot be written to (${errno})`;
  switch (errno) {
    case "ENOENT":
    case "ENOTDIR":
      return problem(check, text, "make the folder, or mount its file system");
    case "ENOSPC":
    case "EDQUOT":
      return problem(check, text, "free space on its file system");
    case "EROFS":
      return problem(
        check,
        text,
        "mount its file system for writing; under systemd name the folder in ReadWritePaths= " +
          "(`fairlead-agent service install` writes such a unit)",
      );
    default:
      return problem(
        check,
        text,
        "let the agent's user write there: change its owner, or run the agent as root",
      );
  }
}

/** Whether a program that is put there can be run: not on a file system that is mounted `noexec`. */
export async function lookAtRunning(folder: string): Promise<Finding> {
  const check = "noexec";
  if (process.platform === "win32") return fine(check, "this system knows no such mount option");
  const probe = join(folder, `.fairlead-probe-${randomBytes(6).toString("hex")}`);
  try {
    const descriptor = openSync(probe, CREATE_EXCLUSIVELY, 0o700);
    writeSync(descriptor, "#!/bin/sh\nexit 0\n");
    closeSync(descriptor);
    const result = await runBounded({ argv: [probe], seconds: 10, maxOutputBytes: 1024, leftovers: "kill" });
    if (result.kind === "exited" && result.code === 0)
      return fine(check, `programs in \`${folder}\` can be run`);
    if (result.kind === "cannot-start" && result.errno === "EACCES") {
      return problem(
        check,
        `programs in \`${folder}\` cannot be run: its file system is mounted noexec`,
        "mount it without noexec, or install the product elsewhere",
      );
    }
    return unknown(check, `whether programs in \`${folder}\` can be run could not be told (${result.kind})`);
  } catch (error) {
    return unknown(check, `\`${folder}\` cannot be written to (${errnoOf(error) ?? String(error)})`);
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * Room for the new version while the old one is kept.
 *
 * @param version bytes of the largest version that may come; `undefined`: not known
 */
export function lookAtRoom(folder: string, version: number | undefined): Finding {
  const check = "room";
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize;
  } catch (error) {
    return unknown(check, `the space in \`${folder}\` cannot be told (${errnoOf(error) ?? String(error)})`);
  }
  const room = `${formatByteSize(free)} free in \`${folder}\``;
  if (version === undefined) return unknown(check, `${room}; how much a version takes is not known yet`);
  const needed = 2 * version + MARGIN_BYTES;
  if (free >= needed) return fine(check, `${room}, enough for two versions`);
  const text = `${room}, and two versions take ${formatByteSize(needed)}`;
  return problem(check, text, "free space there: the previous version is kept beside the new one");
}

/** Whether another updater is at work, which an update waits for. */
export function lookAtLock(check: string, path: string): Finding {
  if (!existsSync(path) || !existsSync(dirname(path))) return fine(check, "nobody else is installing");
  try {
    const lock = holdLock(path);
    switch (lock.kind) {
      case "held":
        lock.release();
        return fine(check, "nobody else is installing");
      case "busy": {
        const who = lock.holder === undefined ? "another process" : `process ${lock.holder}`;
        return problem(
          check,
          `${who} is installing`,
          "wait for it; one that hangs can be ended, and the next update ends what it left half-done",
        );
      }
      case "unavailable":
        return problem(
          check,
          `\`flock\` cannot be run (${lock.got})`,
          "install util-linux, or BusyBox's flock",
        );
    }
  } catch (error) {
    return unknown(check, `\`${path}\` cannot be locked (${errnoOf(error) ?? String(error)})`);
  }
}
