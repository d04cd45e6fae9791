import type { MomentPlaces } from "./moment/moment-process.ts";

/** A view of the page at the moment, by the name of its picture. */
export interface View {
  readonly name: string;
  readonly path: string;
  /** What is opened over it: by keys, or by the button of this name. */
  readonly keys?: readonly string[];
  readonly button?: RegExp;
  /** What is unfolded in it, by the button of this name. */
  readonly unfolds?: RegExp;
  /** Another state of a view whose picture is kept: it is checked and looked at, and not kept. */
  readonly isVariant?: true;
}

export function viewsOf({ failedDevice, waitingDevice, commit, branch }: MomentPlaces): readonly View[] {
  return [
    { name: "overview", path: "/" },
    { name: "overview-choices", path: "/", unfolds: /^Yank or resume/, isVariant: true },
    { name: "rollouts", path: "/rollouts" },
    { name: "rollout", path: "/rollouts/agent/stable" },
    { name: "rollout-moving", path: "/rollouts/agent/nightly", isVariant: true },
    { name: "rollout-nobody", path: "/rollouts/probe/stable", isVariant: true },
    { name: "fleet", path: "/fleet?state=failed" },
    { name: "device", path: `/devices/${failedDevice}` },
    { name: "device-behind", path: `/devices/${waitingDevice}`, isVariant: true },
    { name: "history", path: "/history" },
    { name: "commit", path: `/history/${commit}` },
    { name: "plan", path: `/plan?head=${branch}` },
    { name: "branches", path: "/plan", isVariant: true },
    { name: "proposal", path: "/rollouts/agent/stable", button: /^Propose yank/ },
    { name: "find", path: "/", keys: ["/", "1", ".", "4"] },
    { name: "keys", path: "/", keys: ["?"], isVariant: true },
  ];
}

/** Pixels: a phone, a tablet, a desk. */
export const WIDTHS = [390, 1024, 1600] as const;
export const THEMES = ["light", "dark"] as const;
