/** Our whole check of a folder, as its own process: what `fairlead validate` does. `node check-files.ts ROOT` */
import { checkState } from "../../controller/check-state.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";

const root = process.argv[2] ?? ".";
const now = Math.floor(Date.now() / 1000);
const { model } = checkState(await readWorktreeSnapshot(root, now), { now });
process.exitCode = model === undefined ? 1 : 0;
