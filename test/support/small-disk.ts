import { run } from "./run-command.ts";

/** What mounts a small disk of its own at a folder, and then becomes the program that is to meet its end. */
const SCRIPT =
  'mount -t tmpfs -o "size=$1" small "$2" && { [ "$3" = empty ] || head -c 64M /dev/zero > "$2/filler" 2>/dev/null; shift 3; exec "$@"; }';

/** Why a test that needs a real full disk cannot run here, or `undefined` where it can. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  const [program = "", ...args] = onSmallDisk({ size: "64k", folder: "/tmp", content: "full" }, ["true"]);
  const tried = await run(program, args).catch(() => undefined);
  return tried?.code === 0
    ? undefined
    : "this test needs the right to mount a tmpfs in a namespace of its own";
}

export interface SmallDisk {
  /** As mount takes it: `256k`. */
  readonly size: string;
  /** Where it is mounted; what lies there is hidden from the program, and the disk from everybody else. */
  readonly folder: string;
  readonly content: "empty" | "full";
}

/** A command line that runs a program with a small disk. Its process is the program's own. */
export function onSmallDisk({ size, folder, content }: SmallDisk, command: readonly string[]): string[] {
  return ["unshare", "-rm", "sh", "-c", SCRIPT, "sh", size, folder, content, ...command];
}
