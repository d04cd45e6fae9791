/** The agent as a library: for a program that keeps itself, or another, up to date. */
export { Agent, type AgentOptions, isActionable, type UpdateResult } from "./agent.ts";
export type { AgentConfig } from "./config/agent-config.ts";
export { type AgentHome, agentHome } from "./config/agent-home.ts";
export { ConfigError } from "./config/config-error.ts";
export type { Evaluation } from "./decision/evaluate.ts";
export { FetchError } from "./fetch/fetch-error.ts";
export type { InstallOutcome } from "./install/install-build.ts";
export { InstallError } from "./install/install-error.ts";
export { replaceProcess } from "./install/replace-process.ts";
export type { Journal } from "./journal/journal.ts";
export { TrustError } from "./trust/trust-error.ts";
