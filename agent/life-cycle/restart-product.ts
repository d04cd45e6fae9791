import { restart } from "./confirm.ts";
import type { InstallContext } from "./install-context.ts";

/** How the product is started anew after a swap. */
export interface ProductRestart {
  /** Whether it ends this very process: then everything is noted before. */
  readonly endsUs: boolean;
  /** Another process than this one goes on with the installation, and starts the product: it does the restart again. */
  readonly isOutside?: true;
  /** @throws InstallError `install/restart-failed`, `install/aborted` */
  run(version: string, seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The configured command, else the configured service; `undefined`: nothing runs that needs it. */
export function productRestart({
  confirm,
  format,
  leave,
}: Pick<InstallContext, "confirm" | "format" | "leave">): ProductRestart | undefined {
  if (leave !== undefined) return { endsUs: true, isOutside: true, run: () => leave() };
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
