/** The agent as a library: for a program that keeps itself, or another, up to date. */
export { Agent, type AgentOptions } from "./agent.ts";
export type { AgentConfig, ProductConfig } from "./config/agent-config.ts";
export { ConfigError } from "./config/config-error.ts";
export type { Evaluation } from "./decision/evaluate.ts";
export { gatherFacts } from "./facts/gather-facts.ts";
export type { Machine } from "./facts/machine.ts";
export { thisMachine } from "./facts/this-machine.ts";
export { FetchError } from "./fetch/fetch-error.ts";
export { type AgentHome, agentHome } from "./home/agent-home.ts";
export { HomeError } from "./home/home-error.ts";
export { InstallError } from "./installation/install-error.ts";
export type { InstallOutcome } from "./life-cycle/installation.ts";
export type { Journal } from "./life-cycle/journal.ts";
export { replaceProcess } from "./process/replace-process.ts";
export { isActionable, type LocalProduct, type UpdateResult } from "./product/local-product.ts";
export type { CheckInResult } from "./report/check-ins.ts";
export { ReportError } from "./report/report-error.ts";
export { TrustError } from "./trust/trust-error.ts";
