import type { Narrator } from "../../load/promises.ts";
import type { Settings } from "../../load/settings.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { leavePagesOpen } from "./left-open.ts";
import { playRolloutStory } from "./rollout-story.ts";

/** The story of the page with a fleet of any size: `npm run fleet -- --page --agents 10000`. */
export async function watchOnPage(settings: Settings, folder: string, narrator: Narrator): Promise<void> {
  if (NO_BROWSER !== false) throw new Error(NO_BROWSER);
  const cleanups: (() => unknown)[] = [];
  const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
  try {
    const browser = await startBrowser(t);
    if (settings.open > 0) {
      await leavePagesOpen(t, browser, settings, folder, narrator);
      return;
    }
    const seen = await playRolloutStory(t, browser, settings, folder);
    for (const sentence of seen.said) narrator.say(`the page said: ${sentence}`);
    narrator.say(`it showed the halt ${seen.haltShownAfter.toFixed(0)} ms after the controller said so`);
    narrator.promise(seen.wasNeverReloaded, "all of it was seen on one page that nobody reloaded");
    narrator.promise(
      seen.complaints.length === 0,
      `the page complained of nothing ${seen.complaints.join("; ")}`.trim(),
    );
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}
