import type { ListedRollout, RolloutReport, RolloutSeries } from "../api/types.ts";

export type { ListedRollout, RolloutReport, RolloutSeries };
export type Mark = RolloutSeries["marks"][number];
export type Choice = RolloutReport["next"]["choices"][number];
export type PlatformRow = RolloutReport["byPlatform"][number];
export type TenantRow = RolloutReport["byTenant"][number];
export type CauseGroup = RolloutReport["causes"]["groups"][number];
export type CoverCell = RolloutReport["cover"]["cells"][number];
export type Evidence = NonNullable<RolloutSeries["evidence"]>;
