import packageJson from "../package.json" with { type: "json" };
import { type CommandInstaller, runCommandLine } from "./commands/command-line.ts";

/** Commands by name. Each file is loaded only when its command is named, or when help lists them all. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandInstaller>>> = {
  init: async () => (await import("./commands/init.ts")).addInitCommand,
  validate: async () => (await import("./commands/validate.ts")).addValidateCommand,
  rules: async () => (await import("./commands/rules.ts")).addRulesCommand,
  plan: async () => (await import("./commands/plan.ts")).addPlanCommand,
  expect: async () => (await import("./commands/expect.ts")).addExpectCommand,
  explain: async () => (await import("./commands/explain.ts")).addExplainCommand,
  simulate: async () => (await import("./commands/simulate.ts")).addSimulateCommand,
  history: async () => (await import("./commands/history.ts")).addHistoryCommand,
  blame: async () => (await import("./commands/blame.ts")).addBlameCommand,
  promote: async () => (await import("./commands/promote.ts")).addPromoteCommand,
  advance: async () => (await import("./commands/advance.ts")).addAdvanceCommand,
  yank: async () => (await import("./commands/yank.ts")).addYankCommand,
  unyank: async () => (await import("./commands/yank.ts")).addUnyankCommand,
  rollback: async () => (await import("./commands/rollback.ts")).addRollbackCommand,
  freeze: async () => (await import("./commands/freeze.ts")).addFreezeCommand,
  unfreeze: async () => (await import("./commands/freeze.ts")).addUnfreezeCommand,
  pause: async () => (await import("./commands/pause.ts")).addPauseCommand,
  resume: async () => (await import("./commands/pause.ts")).addResumeCommand,
  pin: async () => (await import("./commands/pin.ts")).addPinCommand,
  unpin: async () => (await import("./commands/pin.ts")).addUnpinCommand,
  "min-version": async () => (await import("./commands/min-version.ts")).addMinVersionCommand,
  keys: async () => (await import("./commands/keys.ts")).addKeysCommand,
  channel: async () => (await import("./commands/channel.ts")).addChannelCommand,
  product: async () => (await import("./commands/product.ts")).addProductCommand,
  tenant: async () => (await import("./commands/tenant.ts")).addTenantCommand,
  tokens: async () => (await import("./commands/tokens.ts")).addTokensCommand,
  release: async () => (await import("./commands/release.ts")).addReleaseCommand,
  serve: async () => (await import("./commands/serve.ts")).addServeCommand,
  status: async () => (await import("./commands/status.ts")).addStatusCommand,
  agents: async () => (await import("./commands/agents.ts")).addAgentsCommand,
  rollouts: async () => (await import("./commands/rollouts.ts")).addRolloutsCommand,
  requests: async () => (await import("./commands/requests.ts")).addRequestsCommand,
  paths: async () => (await import("./commands/paths.ts")).addPathsCommand,
  notify: async () => (await import("./commands/notify.ts")).addNotifyCommand,
  people: async () => (await import("./commands/people.ts")).addPeopleCommand,
  audit: async () => (await import("./commands/audit.ts")).addAuditCommand,
  accept: async () => (await import("./commands/accept.ts")).addAcceptCommand,
  export: async () => (await import("./commands/export.ts")).addExportCommand,
  backup: async () => (await import("./commands/backup.ts")).addBackupCommand,
  completion: async () => (await import("./commands/completion.ts")).addCompletionCommand,
};

const argv = process.argv.slice(2);
const [name = ""] = argv;
// Completion describes every command, so it needs them all, like help.
const isAlone = Object.hasOwn(COMMANDS, name) && name !== "completion";
const loaders = Object.entries(COMMANDS).filter(([command]) => !isAlone || command === name);
const installers = await Promise.all(loaders.map(([, load]) => load()));
await runCommandLine(
  "fairlead",
  "Release controller for agent fleets: state in git, a signed manifest, agents that prove a version healthy.",
  packageJson.version,
  installers,
  argv,
);
