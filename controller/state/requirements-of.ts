import { parseByteSize } from "../../protocol/byte-size.ts";
import type { Requirements } from "../../protocol/requirements.ts";
import type { RequiresState } from "../../schemas/state.generated.ts";

/**
 * What an artifact requires: what its version says, with what it says itself in its place.
 *
 * @returns `undefined` where neither says anything
 */
export function requirementsOf(
  version: RequiresState | undefined,
  artifact: RequiresState | undefined,
): Requirements | undefined {
  if (version === undefined && artifact === undefined) return undefined;
  const { memory, disk, ...rest } = { ...version, ...artifact };
  return {
    ...rest,
    ...(memory === undefined ? {} : { memory: parseByteSize(memory) }),
    ...(disk === undefined ? {} : { disk: parseByteSize(disk) }),
  };
}
