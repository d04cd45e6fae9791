/** Runs before anything is drawn, so that nobody who chose dark sees a white page first. */
import { applyTheme, chosenTheme } from "./shell/theme-choice.ts";

applyTheme(chosenTheme());
