import type { ScaffoldFile } from "./scaffold-file.ts";

/** The first page of a new state repository. */
export function readmeFile(product: string): ScaffoldFile {
  return {
    path: "README.md",
    content: `# Fleet

What each machine of the fleet should run, as [YAML](fleet.yaml) that changes by commits.

| where | what |
|---|---|
| \`fleet.yaml\` | what holds for everybody |
| \`products/${product}/versions/\` | one file for each version: where its bytes are, and their digest |
| \`products/${product}/channels/\` | which version each channel offers, and how it spreads |
| \`tenants/\` | who is on which channel; pins, pauses, windows |
| \`trust/\` | public keys and what they signed offline |
| \`schemas/\` | what editors check the files with |
| \`keys/\` | private keys, on this machine only: move them to where they are safe |

    fairlead validate                          is it right?
    fairlead promote 1.1.0 --to stable --dry-run
    fairlead plan --base HEAD~1                what would the last commit do to the fleet?
    fairlead serve                             hand it out to agents
    git config core.hooksPath .githooks        check each commit before it is made

A change is proposed on a branch: add \`--branch --push\` to any command that changes state.
`,
  };
}
