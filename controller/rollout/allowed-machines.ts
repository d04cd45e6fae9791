import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

/** Machines that a share lets have it, as many as are to be expected. Canaries have it beside the share. */
export function allowedOf(following: number, ppm: Ppm, canaries = 0): number {
  return canaries + Math.round(((following - canaries) * ppm) / WHOLE_PPM);
}

/** Of them, those that do not run it yet. */
export function atOnce(following: number, running: number, ppm: Ppm): number {
  return Math.max(0, allowedOf(following, ppm) - running);
}
