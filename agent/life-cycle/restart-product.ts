import type { ConfirmSettings } from "../config/agent-config.ts";
import type { Format } from "../formats/format.ts";
import { restart } from "./confirm.ts";

/** How the product is started anew after a swap. */
export interface ProductRestart {
  /** Whether it ends this very process: then everything is noted before. */
  readonly endsUs: boolean;
  /** @throws InstallError `install/restart-failed`, `install/aborted` */
  run(version: string, seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The configured command, else the configured service; `undefined`: nothing runs that needs it. */
export function productRestart(confirm: ConfirmSettings, format: Format): ProductRestart | undefined {
  const command = confirm.restart;
  if (command !== undefined) {
    return {
      endsUs: false,
      run: (version, seconds, signal) => restart(command, format.program, version, seconds, signal),
    };
  }
  const service = format.restart;
  if (service === undefined) return undefined;
  return { endsUs: service.endsUs(), run: (_version, seconds, signal) => service.run({ seconds, signal }) };
}
