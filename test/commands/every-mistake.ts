/**
 * Runs every command of `fairlead` with an option that it does not have, asked for JSON, and prints what each said as one
 * JSON object a line.
 */
import { Command } from "commander";
import { runCommandLine } from "../../controller/commands/command-line.ts";
import { COMMANDS } from "../../controller/commands/command-table.ts";

const installers = await Promise.all(Object.values(COMMANDS).map((load) => load()));
const program = new Command("fairlead");
for (const install of installers) install(program);

const print = process.stdout.write.bind(process.stdout);
const said = { stdout: "", stderr: "" };
process.stdout.write = (text) => keep("stdout", text);
process.stderr.write = (text) => keep("stderr", text);

function keep(stream: keyof typeof said, text: string | Uint8Array): boolean {
  said[stream] += text.toString();
  return true;
}

async function runAll(command: Command, path: readonly string[]): Promise<void> {
  for (const inner of command.commands) await runAll(inner, [...path, inner.name()]);
  if (command.commands.length > 0) return;
  Object.assign(said, { stdout: "", stderr: "" });
  await runCommandLine("fairlead", "", "0.0.0", installers, [...path, "--json", "--no-such-option"]);
  const hasJson = command.options.some(({ long }) => long === "--json");
  print(`${JSON.stringify({ command: path.join(" "), hasJson, code: process.exitCode, ...said })}\n`);
}

await runAll(program, []);
process.exitCode = 0;
