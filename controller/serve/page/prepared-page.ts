import type { Logger } from "pino";
import { type PreparedPage, preparePage, type SentPage } from "../../http/page/page.ts";
import { loadPage } from "./load-page.ts";

/** The page, had once: when the controller has started, or when somebody asks for it before that. */
export function preparedPage(log: Logger, load = loadPage): PreparedPage {
  let page: Promise<SentPage | undefined> | undefined;
  return () => {
    page ??= load().then(preparePage, (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ event: "page.missing" }, `browsers get a text in place of the page: ${message}`);
      return undefined;
    });
    return page;
  };
}
