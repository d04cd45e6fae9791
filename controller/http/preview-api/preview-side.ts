import type { ForgeRepository } from "../../forge/forge.ts";
import type { PreviewService } from "../../preview/preview-service.ts";

/** What becomes of a change that somebody confirms on the page. */
export const PAGE_CHANGES = ["off", "branch", "direct"] as const;
export type PageChanges = (typeof PAGE_CHANGES)[number];

/** The state repository, as far as people who ask over HTTP may use it. */
export interface PreviewSide {
  readonly service: PreviewService;
  /** What is followed, as the controller was told. */
  readonly ref: string;
  /** Absent: commits and lines can be looked at nowhere that is known. */
  readonly forge: ForgeRepository | undefined;
  readonly pageChanges: PageChanges;
}
