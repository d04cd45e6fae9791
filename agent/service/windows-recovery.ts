/**
 * A product of Windows whose exchange somebody has to bring to its end where the agent itself does not run: a kill between
 * two renames, or a service that was left down.
 */
export interface WindowsRecovery {
  readonly product: string;
  /** Absolute path of the copy of the agent, `updater.exe` in the staging folder of the product. */
  readonly updater: string;
  readonly home: string;
}

/** The hourly task, defined by schtasks.exe: it runs whether or not the agent itself still does. */
export function defineRecovery({ product, updater, home }: WindowsRecovery): readonly string[] {
  const command = `"${updater}" resume --home "${home}"`;
  const what = ["/TN", taskName(product), "/TR", command];
  return ["schtasks", "/Create", "/F", ...what, "/SC", "HOURLY", "/RU", "SYSTEM", "/RL", "HIGHEST"];
}

export function forgetRecovery({ product }: WindowsRecovery): readonly string[] {
  return ["schtasks", "/Delete", "/F", "/TN", taskName(product)];
}

function taskName(product: string): string {
  return `Fairlead\\recover-${product}`;
}
