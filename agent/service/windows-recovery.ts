/** What the event log of Windows calls this agent: its entries there have a source of their own. */
export const EVENT_SOURCE = "fairlead-agent";

/**
 * Arguments of schtasks.exe that define the hourly task: it ends an exchange that was interrupted and brings up a service
 * that was left down, whether or not the agent itself still runs.
 *
 * @param updater absolute path of the copy of the agent, `updater.exe` in the staging folder of the product
 */
export function recoveryTask(product: string, updater: string, home: string): readonly string[] {
  const command = `"${updater}" resume --home "${home}"`;
  const what = ["/TN", `Fairlead\\recover-${product}`, "/TR", command];
  return ["schtasks.exe", "/Create", "/F", ...what, "/SC", "HOURLY", "/RU", "SYSTEM", "/RL", "HIGHEST"];
}

/** Arguments of eventcreate.exe for one entry; it makes the source where there is none. */
export function eventEntry(level: "INFORMATION" | "WARNING" | "ERROR", text: string): readonly string[] {
  // eventcreate takes numbers up to 1000, and descriptions of less than 32 KiB.
  const entry = ["/T", level, "/ID", "1", "/D", text.slice(0, 8000)];
  return ["eventcreate.exe", "/L", "APPLICATION", "/SO", EVENT_SOURCE, ...entry];
}
