import type { InstallPaths } from "../files/staging-folder.ts";
import type { SelfTest } from "../formats/binary/self-test.ts";
import type { StateFile } from "../state/state-file.ts";
import type { ConfirmSettings } from "./confirm.ts";
import type { Journal } from "./journal.ts";
import type { JournalFile } from "./journal-file.ts";

/** Everything that an installation works with. */
export interface InstallContext {
  readonly paths: InstallPaths;
  readonly journal: JournalFile;
  readonly state: StateFile;
  readonly selfTest: SelfTest;
  readonly confirm: ConfirmSettings;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** A fraction in [0, 1). */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told of every entry as it is written. */
  readonly onState?: ((journal: Journal) => void) | undefined;
  /** Replaces this process by the installed file, in the place of a restart command. Does not return. */
  readonly reExec?: ((path: string) => never) | undefined;
  readonly onProgress?: ((received: number, size: number) => void) | undefined;
}
