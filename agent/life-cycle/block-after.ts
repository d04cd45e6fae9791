import { speaksAgainst } from "../installation/install-error.ts";
import type { BlockCause } from "../state/block-build.ts";

/**
 * Whether a failed installation blocks its build here, and as what. Before the swap a try costs next to nothing, so what
 * only the moment kept from going well is tried at the next check. After it each try takes the product down twice, so
 * that waits too; but only a build that failed itself uses up one of its tries.
 *
 * @param code the refusal's id, such as `install/disk-full`
 */
export function blockAfter(code: string, place: "before-swap" | "after-swap"): BlockCause | undefined {
  switch (speaksAgainst(code)) {
    case "the build":
      return "against-the-build";
    case "the setup of this machine":
      return "waits-for-person";
    case "the moment":
      return place === "after-swap" ? "waits-for-machine" : undefined;
  }
}
