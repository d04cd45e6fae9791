/** What the launcher prints itself, before any TypeScript can run; listed here for `docs/errors.md`. */
export const RUNTIME_ERRORS = {
  "runtime/cannot-start": {
    cause: "The pinned Node.js beside the program could not be started.",
    remedy: "Run `npm ci` again, or install the version of Node.js that `package.json` names.",
  },
  "runtime/too-old": {
    cause: "The Node.js that runs the program is too old, and no newer one is installed beside it.",
    remedy:
      "In a checkout run `npm ci`, which brings the pinned one; elsewhere install the version that the message names.",
  },
};
