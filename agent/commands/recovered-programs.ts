import type { AgentConfig } from "../config/agent-config.ts";
import { recoveryCopy } from "../formats/formats.ts";
import type { RecoveredProgram } from "../service/windows-recovery.ts";

/** Programs that an hourly task of Windows ends exchanges of: those that this agent exchanges itself. */
export function recoveredPrograms(
  products: readonly Pick<
    AgentConfig["products"][number],
    "product" | "format" | "installPath" | "helperSocket"
  >[],
  home: string,
): readonly RecoveredProgram[] {
  return products.flatMap(({ product, format, installPath, helperSocket }) => {
    const updater = helperSocket === undefined ? recoveryCopy(format, installPath) : undefined;
    return updater === undefined ? [] : [{ product, home, updater }];
  });
}
