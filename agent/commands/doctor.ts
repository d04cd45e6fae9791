import { printable } from "../../protocol/printable.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { agentHome } from "../home/agent-home.ts";
import { printableJson } from "../output/printable-json.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { HOME_HELP } from "./open-session.ts";

/** `fairlead-agent doctor` */
export const doctorCommand: AgentCommand = {
  help: `fairlead-agent doctor - what on this machine stands in the way of updates

USAGE
  fairlead-agent doctor [--json] [--home DIR]

DESCRIPTION
  Looks at the config and the device's key, the folders (can they be written to,
  may programs run there, is there room for two versions), the unit of systemd,
  the package manager where one installs, the proxy, the server and what stands in
  between, the clock, the manifest with its keys, the enrolment, and other
  updaters at work. Each problem comes with its remedy.

  Run it as the user that the agent runs as. Installs nothing; brings the trusted
  metadata up to date.

OPTIONS
  --json           every look with its result, as JSON
${HOME_HELP}

EXAMPLES
  sudo fairlead-agent doctor
  fairlead-agent doctor --json | jq '.findings[] | select(.result == "problem")'

EXIT CODES
  0  nothing stands in the way    1  there are problems    2  wrong use
`,
  options: { json: { type: "boolean" }, home: { type: "string" } },
  async run({ values, signal }) {
    const home = agentHome(text(values, "home"), process.env);
    const isJson = values.json === true;
    const findings: Finding[] = [];
    for await (const finding of examine(home, process.env, signal)) {
      findings.push(finding);
      if (!isJson) process.stdout.write(`${line(finding)}\n`);
    }
    const problems = findings.filter(({ result }) => result === "problem").length;
    if (isJson) process.stdout.write(`${printableJson({ problems, findings }, 2)}\n`);
    else process.stdout.write(`${problems === 0 ? "nothing stands in the way" : count(problems)}\n`);
    return problems === 0 ? EXIT.ok : EXIT.refused;
  },
};

function line({ check, result, text, help }: Finding): string {
  const said = `${MARKS[result].padEnd(8)} ${check.padEnd(9)} ${printable(text)}`;
  return help === undefined ? said : `${said}\n${" ".repeat(19)}= help: ${printable(help)}`;
}

const MARKS = { fine: "ok", problem: "problem", unknown: "unknown" } as const;

function count(problems: number): string {
  return problems === 1 ? "1 problem" : `${problems} problems`;
}
