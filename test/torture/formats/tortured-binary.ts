import { lstatSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../agent/update-server.ts";
import { nameById, namesIn, stagingNames, type TorturedFormat } from "./tortured-format.ts";

export const binary: TorturedFormat = {
  name: "binary",
  settings: (folder) => ({ install_path: join(folder, "lantern") }),
  artifact: (version, selfReported = version) => program(selfReported, `# ${version}`),
  installed({ folder }, versions) {
    const path = join(folder, "lantern");
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return "nothing";
    const bytes = readFileSync(path);
    const version = versions.find((one) => binary.artifact(one).equals(bytes));
    if (version === undefined) return { broken: `${bytes.length} bytes that are no version's` };
    if ((found.mode & 0o111) !== 0o111) return { broken: `${version} with mode ${found.mode.toString(8)}` };
    return { version };
  },
  uninstall: ({ folder }) => rmSync(join(folder, "lantern")),
  kept({ folder }, versions) {
    const beside = namesIn(folder)
      .filter((name) => name !== "lantern" && name !== ".lantern.fairlead")
      .map((name) => `../${name}`);
    return [...stagingNames(join(folder, ".lantern.fairlead")), ...beside]
      .map(nameById(binary, versions))
      .toSorted();
  },
};
