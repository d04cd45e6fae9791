import { dirname } from "node:path";
import type { Agent, AgentOptions } from "../agent.ts";
import { pagesGivenBack } from "../daemon/give-back-pages.ts";
import { pollForever } from "../daemon/poll-forever.ts";
import { staySmall } from "../daemon/stay-small.ts";
import { lookAtWriting } from "../doctor/look-at-folders.ts";
import { agentHome } from "../home/agent-home.ts";
import type { Log } from "../output/log.ts";
import { replaceProcess } from "../process/replace-process.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { leaveToRecovery } from "./leave-to-recovery.ts";
import { openSession, SESSION_HELP, SESSION_OPTIONS, warnOfUnknownKeys } from "./open-session.ts";

/** `fairlead-agent run` */
export const runCommand: AgentCommand = {
  help: `fairlead-agent run - keep the products of this machine up to date

USAGE
  fairlead-agent run [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Ends what an earlier run left half-done, then polls: every 6 hours, or what
  the fleet's checkInterval or update_check_interval in config.yaml says. The
  file wins, and only there does 0s turn polling off. A quiet poll is one
  conditional request. What a person chooses meanwhile (\`update --channel\`,
  \`--pin\`, \`--auto\`, \`--interval\`) holds within half a minute. Polls and installations
  are spread at random; after failures the wait grows and Retry-After is kept to.
  Ends at SIGTERM or Ctrl-C; what is then half-done goes on at the next start.

  Of several products each has its turn in every look, and none waits for another.
  The agent's own product comes last: after its swap this process goes on as the
  new version. Which one that is, the file that runs tells, or \`self: true\` in
  config.yaml.

OPTIONS
  --json           the same as --log json, which is the default without a terminal
${SESSION_HELP}

EXAMPLES
  fairlead-agent run
  sudo fairlead-agent service install     has the machine start it

EXIT CODES
  0  ended by a signal    1  refused    2  wrong use
`,
  options: { ...SESSION_OPTIONS, json: { type: "boolean" } },
  isDaemon: true,
  isLogged: true,
  async run(invocation) {
    staySmall();
    const { values } = invocation;
    const asked = values.json === true ? { ...invocation, values: { ...values, log: "json" } } : invocation;
    const { agent, log } = await openSession(asked, {
      ...becomesNewVersion(text(values, "home")),
      isDaemon: true,
      isLogged: true,
    });
    warnOfUnknownKeys(agent, log);
    warnOfUnwritable(agent, log);
    await pollForever(agent, log, invocation.signal, pagesGivenBack());
    return EXIT.ok;
  },
};

/** How the agent itself goes on as its new version. Windows has no execve(2), and nobody there restarts their own service. */
function becomesNewVersion(home: string | undefined): Pick<AgentOptions, "reExec" | "leave"> {
  if (process.execve !== undefined) return { reExec: replaceProcess };
  if (process.platform !== "win32") return {};
  return { leave: (config) => leaveToRecovery(config, agentHome(home, process.env).directory) };
}

/** Before the first update finds it out, while whoever started the daemon is still there. */
function warnOfUnwritable({ products }: Agent, log: Log): void {
  const folders = new Set(products.map(({ config }) => dirname(config.installPath)));
  for (const folder of folders) {
    const { result, text, help } = lookAtWriting("install", folder);
    if (result === "problem") log.event("warn", "not-writable", `warning: ${text}; ${help}`);
  }
}
