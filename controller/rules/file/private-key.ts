import type { ReadingRule } from "../rule.ts";

export const filePrivateKey: ReadingRule = {
  id: "file/private-key",
  severity: "error",
  summary: "a private key is in git",
  explanation:
    "What git has seen is no secret any more: every clone has it, and deleting the file changes nothing about that. Replace the key with `fairlead keys revoke`, then delete the file. `validate` looks at every file of the repository, and with `--base` also at files that came and went in between; a key that is only staged is not lost yet.",
  failing: {
    files: {
      "trust/online.json": `${JSON.stringify(
        {
          format: "fairlead-key-1",
          role: "online",
          public: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
          secret: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        },
        undefined,
        2,
      )}\n`,
    },
  },
  passing: {
    files: {},
  },
  foundBy: "reading",
};
