import { forget, recall, remember } from "./remembered.ts";

/** `system`: as the machine has it. */
export type Theme = "light" | "dark" | "system";

const KEY = "fairlead-theme";

export function chosenTheme(): Theme {
  const kept = recall(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Shows the page so, without keeping it. Colours follow from `color-scheme`, which the root's attribute sets. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** From what is seen now to the other of light and dark. @returns what is seen since */
export function switchTheme(): Theme {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const seen = chosenTheme() === "system" ? (isDark ? "dark" : "light") : chosenTheme();
  const next = seen === "dark" ? "light" : "dark";
  // What the machine wants anyway is not kept: it may change its mind in the evening.
  if ((next === "dark") === isDark) forget(KEY);
  else remember(KEY, next);
  applyTheme(chosenTheme());
  return next;
}
