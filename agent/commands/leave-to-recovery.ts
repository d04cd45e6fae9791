import type { ProductConfig } from "../config/agent-config.ts";
import { InstallError } from "../installation/install-error.ts";
import { endProcess } from "../process/own-process.ts";
import { startRecovery } from "../service/start-recovery.ts";
import { recoveredPrograms } from "./recovered-programs.ts";

/**
 * On Windows: the copy of the agent that nobody replaces goes on with the agent's own update, which is noted on disk. It
 * starts the new version, proves it or puts the one before back; this process ends.
 *
 * @throws InstallError `install/service-manager-failed`, `install/unsupported`
 */
export async function leaveToRecovery(config: ProductConfig, home: string): Promise<never> {
  const [program] = recoveredPrograms([config], home);
  if (program === undefined) {
    throw new InstallError(
      "install/unsupported",
      "nothing here would go on with the agent's own update once it has ended",
      {
        help: "release the agent for this platform in the format that docs/agent.md names for it",
      },
    );
  }
  await startRecovery(program);
  return endProcess();
}
