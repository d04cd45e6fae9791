import type { FastifyInstance } from "fastify";
import type { FleetStore } from "../../fleet/store/fleet-store.ts";
import type { RolloutRecord, TallyRow } from "../../fleet/store/records.ts";
import type { CommitSummary } from "../../preview/preview-service.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { type FleetScope, forReading, nothingLike } from "../fleet-api/fleet-scope.ts";
import { requireAllTenants } from "../sign-in.ts";
import type { PreviewDesk } from "./preview-desk.ts";
import { COMMIT_PATH, COMMIT_REPORT, COMMIT_SUMMARY, HISTORY_QUERY } from "./preview-schemas.ts";
import type { PreviewSide } from "./preview-side.ts";
import { servedLine } from "./served-line.ts";

interface HistoryAsk {
  readonly limit?: number;
  readonly after?: string;
  readonly product?: string;
  readonly channel?: string;
  readonly tenant?: string;
}

const PAGE_SIZE = 30;

/** How far one promotion has come. */
interface Reached extends Pick<RolloutRecord, "product" | "channel" | "version" | "state"> {
  readonly offered: number;
  readonly confirmed: number;
  readonly failed: number;
}

/** What commits did. A file of one tenant says what others cannot be told apart from: only for who may know of all. */
export function addHistoryRoutes(
  app: FastifyInstance,
  scope: FleetScope,
  { service }: PreviewSide,
  desk: PreviewDesk,
): void {
  const { context, store } = scope;

  app.get<{ Querystring: HistoryAsk }>("/api/v1/history", {
    ...forReading("viewer", {
      operationId: "history",
      summary: "Commits of the served line, newest first, and what each did",
      description: "For those who are limited to no tenants.",
      querystring: HISTORY_QUERY,
      response: {
        200: {
          description: "Commits that touch state.",
          type: "object",
          required: ["commits"],
          properties: {
            commits: { type: "array", items: COMMIT_SUMMARY },
            next: { type: "string", description: "`after` of the next page; absent on the last." },
          },
        },
        429: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const { limit = PAGE_SIZE, ...rest } = request.query;
      const now = context.now();
      const line = servedLine(context.state(), now);
      const page = await desk.ask(caller, () => service.history({ limit, ...rest }, line));
      return { ...page, commits: await withReached(store, page.commits, now) };
    },
  });

  app.get<{ Params: { readonly commit: string } }>("/api/v1/history/:commit", {
    ...forReading("viewer", {
      operationId: "showCommit",
      summary: "One commit: what it did, its files, its mistakes, and its plan over the fleet as it is now",
      description: "For those who are limited to no tenants.",
      params: COMMIT_PATH,
      response: {
        200: { description: "The commit.", ...COMMIT_REPORT },
        404: ERROR_SCHEMA,
        429: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const now = context.now();
      const line = servedLine(context.state(), now);
      const commit = await desk.ask(caller, () => service.commit(request.params.commit, line));
      if (commit === undefined) throw nothingLike("commit on the served line");
      const [report] = await withReached(store, [commit], now);
      return report;
    },
  });
}

/** Adds how many machines the promotions of each commit have reached, from the rollouts that are kept. */
async function withReached<C extends CommitSummary>(
  store: FleetStore,
  commits: readonly C[],
  now: number,
): Promise<(C & { readonly reached: readonly Reached[] })[]> {
  const shown = new Set(commits.map(({ commit }) => commit));
  const rollouts = (await store.rollouts.list(null)).filter(({ commit }) => shown.has(commit));
  const reached = await Promise.all(rollouts.map(async (rollout) => reachOf(store, rollout, now)));
  return commits.map((commit) => ({
    ...commit,
    reached: reached.filter((_, index) => rollouts[index]?.commit === commit.commit),
  }));
}

async function reachOf(store: FleetStore, rollout: RolloutRecord, now: number): Promise<Reached> {
  const { product, channel, version, commit, state } = rollout;
  const rows = await store.rollouts.tallies(
    { product, channel, version, commit },
    { enrolledBefore: now + 1, silentBefore: null, underWayFrom: now, after: null, now },
  );
  const sum = (count: (row: TallyRow) => number): number => rows.reduce((all, row) => all + count(row), 0);
  return {
    ...{ product, channel, version, state },
    offered: sum((row) => row.offered),
    confirmed: sum((row) => row.confirmed),
    failed: sum((row) => row.failed),
  };
}
