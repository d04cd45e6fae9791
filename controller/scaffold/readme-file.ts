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
| \`expectations/\` | what must stay so, as tests: \`validate\` and \`plan\` look at it |
| \`trust/\` | public keys and what they signed offline |
| \`schemas/\` | what editors check the files with |
| \`keys/\` | private keys, on this machine only: git ignores them |

    fairlead validate                                   is it right?
    git config core.hooksPath .githooks                 ask that before each commit
    fairlead promote 1.1.0 --to stable --dry-run        what would a promotion do to the fleet?
    fairlead promote 1.1.0 --to stable                  do it: a commit
    fairlead plan --base HEAD~1                         what does the last commit do?
    fairlead expect                                     does all hold that must stay so?
    fairlead history --channel stable                   who changed what, and when?
    fairlead keys status                                what expires when, and what a machine needs to enrol
    fairlead serve                                      hand it out to agents

A change is proposed on a branch: add \`--branch --push\` to any command that changes state.

\`fairlead serve\` here signs with \`keys/online.json\`. For a fleet, give that file and \`keys/naming-secret\` to the
controller alone (\`--online-key FILE\` with the secret beside it, or both in its \`--state-dir\`), the release key to the
pipeline that builds, the others to the people who hold them; \`fairlead keys --help\` tells the rest of their story.
`,
  };
}
