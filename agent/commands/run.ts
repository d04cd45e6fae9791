import { pollForever } from "../daemon/poll-forever.ts";
import { staySmall } from "../daemon/stay-small.ts";
import { replaceProcess } from "../process/replace-process.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { openSession, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";

/** `fairlead-agent run` */
export const runCommand: AgentCommand = {
  help: `fairlead-agent run - keep the products of this machine up to date

USAGE
  fairlead-agent run [--home DIR] [--log FORM]

DESCRIPTION
  Ends what an earlier run left half-done, then polls: every 5 minutes, or what
  the fleet's checkInterval or update_check_interval in config.yaml says. The
  file wins, and only there does 0 turn polling off. A quiet poll is one
  conditional request. Polls and installations are spread at random; after
  failures the wait grows and Retry-After is kept to. Ends at SIGTERM or Ctrl-C;
  what is then half-done goes on at the next start.

  Of several products each has its turn in every look, and none waits for another.
  The agent's own product comes last: after its swap this process goes on as the
  new version. Which one that is, the file that runs tells, or \`self: true\` in
  config.yaml.

OPTIONS
${SESSION_HELP}

EXIT CODES
  0  ended by a signal    1  refused    2  wrong use
`,
  options: SESSION_OPTIONS,
  async run(invocation) {
    staySmall();
    const { agent, log } = await openSession(
      invocation,
      process.execve === undefined ? {} : { reExec: replaceProcess },
    );
    await pollForever(agent, log, invocation.signal);
    return EXIT.ok;
  },
};
