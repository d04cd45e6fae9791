/**
 * Writes the table of rooms in `ARCHITECTURE.md`: which room stands on which, from the imports as they are. `--check`
 * writes nothing and exits with 1 when the table is not what the imports say. Rooms that import each other in a
 * circle are refused either way.
 *
 * A room is a folder right below `controller/` or `agent/`, with what it has inside, or a file there; `protocol/` is one, and
 * so is `simulated-fleet/`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";

const top = join(import.meta.dirname, "..");
const page = join(top, "ARCHITECTURE.md");
const BEGIN = "<!-- rooms: written by `npm run generate` -->\n";
const END = "<!-- end of rooms -->\n";

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const graph = await readGraph();
const circle = findCircle(graph);
if (circle !== undefined) {
  console.error(`rooms import each other in a circle: ${circle.join(" -> ")}`);
  process.exitCode = 1;
} else {
  const before = readFileSync(page, "utf8");
  const after = withTable(before, table(graph));
  if (!process.argv.includes("--check")) writeFileSync(page, after);
  else if (before !== after) {
    console.error("the rooms in ARCHITECTURE.md are not what the imports say: run `npm run generate`");
    process.exitCode = 1;
  }
}

async function readGraph(): Promise<Graph> {
  const { output } = await cruise(["protocol", "controller", "agent", "simulated-fleet"], {
    baseDir: top,
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
  });
  const { modules } = output as ICruiseResult;
  const rooms = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    if (from === undefined) continue;
    const to = rooms.get(from) ?? new Set();
    rooms.set(from, to);
    for (const { resolved } of dependencies) {
      const room = roomOf(resolved);
      if (room !== undefined && room !== from) to.add(room);
    }
  }
  return rooms;
}

/** `undefined`: not ours. */
function roomOf(path: string): string | undefined {
  const [program, ...inside] = path.split("/");
  switch (program) {
    case "protocol":
    case "schemas":
    case "simulated-fleet":
      return `${program}/`;
    case "controller":
    case "agent":
      return inside.length > 1 ? `${program}/${inside[0]}/` : path;
    default:
      return undefined;
  }
}

function findCircle(rooms: Graph): string[] | undefined {
  const done = new Set<string>();
  const visit = (room: string, way: readonly string[]): string[] | undefined => {
    const start = way.indexOf(room);
    if (start !== -1) return [...way.slice(start), room];
    if (done.has(room)) return undefined;
    for (const next of rooms.get(room) ?? []) {
      const found = visit(next, [...way, room]);
      if (found !== undefined) return found;
    }
    done.add(room);
    return undefined;
  };
  for (const room of rooms.keys()) {
    const found = visit(room, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many rooms, at most, lie below one. A room stands above all that it imports. */
function floors(rooms: Graph): Map<string, number> {
  const known = new Map<string, number>();
  const floor = (room: string): number => {
    const found = known.get(room);
    if (found !== undefined) return found;
    const below = [...(rooms.get(room) ?? [])].map(floor);
    const own = below.length === 0 ? 1 : Math.max(...below) + 1;
    known.set(room, own);
    return own;
  };
  for (const room of rooms.keys()) floor(room);
  return known;
}

/** Nearly every room stands on the protocol and the types of the state files: saying so tells nothing. */
function table(rooms: Graph): string {
  const floorOf = floors(rooms);
  const floor = (room: string): number => floorOf.get(room) ?? 0;
  const byFloor = (a: string, b: string): number => floor(b) - floor(a) || (a < b ? -1 : 1);
  const row = (room: string): string => {
    const ground = [...(rooms.get(room) ?? [])]
      .filter((other) => other !== "protocol/" && other !== "schemas/")
      .sort(byFloor)
      .map((other) => basename(other));
    return `| ${floor(room)} | \`${room}\` | ${ground.join(", ")} |\n`;
  };
  const rows = [...rooms.keys()].sort(byFloor).map(row);
  return `| floor | room | stands on (besides \`protocol/\` and \`schemas/\`) |\n|---|---|---|\n${rows.join("")}`;
}

function withTable(text: string, rows: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error("ARCHITECTURE.md has no place for the table of rooms");
  return text.slice(0, begin + BEGIN.length) + rows + text.slice(end);
}
