import { ConfigError } from "../config/config-error.ts";
import { readConfig } from "../config/config-file.ts";
import { gatherFacts } from "../facts/gather-facts.ts";
import { thisMachine } from "../facts/this-machine.ts";
import { agentHome } from "../home/agent-home.ts";
import { factLines } from "../output/describe-facts.ts";
import { printableJson } from "../output/printable-json.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";

/** `fairlead-agent facts [--json]` */
export const factsCommand: AgentCommand = {
  help: `fairlead-agent facts - what this machine is, as versions may require it

USAGE
  fairlead-agent facts [--json] [--home DIR]

DESCRIPTION
  Prints what can be found out of the operating system, its C library, kernel,
  processor, memory and free space. A version that requires something else is
  refused before it is downloaded; what is missing here counts as not there.
  Of several products that have different disks, the least free space is shown;
  each is decided by its own. Works on a machine that is not enrolled too: the
  free space is then unknown.

OPTIONS
  --json           as JSON: the \`facts\` of a record of an inventory
${SESSION_HELP}

EXIT CODES
  0  printed    1  refused    2  wrong use
`,
  options: { ...SESSION_OPTIONS, json: { type: "boolean" } },
  async run({ values }) {
    const facts = await gatherFacts(thisMachine(), ...(await enrolledPaths(text(values, "home"))));
    if (values.json === true) {
      process.stdout.write(`${printableJson(facts, 2)}\n`);
      return EXIT.ok;
    }
    const lines = factLines(facts).map(([name, value]) => `${name.padEnd(13)} ${value}`);
    if (facts.cpu !== undefined) lines.push(...wrapped(facts.cpu));
    process.stdout.write(`${lines.join("\n")}\n`);
    return EXIT.ok;
  },
};

/** Where the products are installed; none on a machine that is not enrolled. */
async function enrolledPaths(home: string | undefined): Promise<readonly string[]> {
  try {
    const { products } = await readConfig(agentHome(home, process.env));
    return products.map(({ installPath }) => installPath);
  } catch (error) {
    if (error instanceof ConfigError && error.code === "config/not-enrolled") return [];
    throw error;
  }
}

const MOST_COLUMNS = 78;

/** The features of the processor, as many as fit in a line. */
function wrapped(features: readonly string[]): string[] {
  const lines: string[] = [];
  for (const feature of features) {
    const line = lines.at(-1);
    if (line === undefined || line.length + feature.length >= MOST_COLUMNS) lines.push(`  ${feature}`);
    else lines[lines.length - 1] = `${line} ${feature}`;
  }
  return lines;
}
