/** A program of Windows whose exchange may be interrupted while its service is down. */
export interface RecoveredProgram {
  readonly product: string;
  /** Absolute path of the copy of the agent, `updater.exe` in the staging folder of the product. */
  readonly updater: string;
  readonly home: string;
}

/**
 * Arguments of schtasks.exe that define the hourly task: it ends an exchange that was interrupted and brings up a service
 * that was left down, whether or not the agent itself still runs.
 */
export function recoveryTask({ product, updater, home }: RecoveredProgram): readonly string[] {
  const command = `"${updater}" ${recoveryArguments({ home }).map(quoted).join(" ")}`;
  const what = ["/TN", taskName(product), "/TR", command];
  return ["schtasks.exe", "/Create", "/F", ...what, "/SC", "HOURLY", "/RU", "SYSTEM", "/RL", "HIGHEST"];
}

/** What the copy is started with. It waits for an agent that is about to make room for it. */
export function recoveryArguments({ home }: Pick<RecoveredProgram, "home">): readonly string[] {
  return ["resume", "--wait", "2m", "--home", home];
}

/** Arguments that run the task now. */
export function runRecoveryTask({ product }: Pick<RecoveredProgram, "product">): readonly string[] {
  return ["schtasks.exe", "/Run", "/TN", taskName(product)];
}

/** Arguments that take it away again. */
export function withoutRecoveryTask({ product }: RecoveredProgram): readonly string[] {
  return ["schtasks.exe", "/Delete", "/F", "/TN", taskName(product)];
}

function quoted(word: string): string {
  return /^[\w-]+$/.test(word) ? word : `"${word}"`;
}

function taskName(product: string): string {
  return `Fairlead\\recover-${product}`;
}
