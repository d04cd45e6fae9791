/** What the launcher prints itself, before any TypeScript can run; listed here for `docs/errors.md`. */
exports.RUNTIME_ERRORS = {
  "runtime/cannot-start": {
    cause: "the pinned Node.js beside the program could not be started",
    remedy: "run `npm ci` again, or install the version of Node.js that `package.json` names",
  },
  "runtime/missing-library": {
    cause: "a library of the system that the pinned Node.js needs is not installed",
    remedy: "install it as the message says: on Debian, as root, `apt-get install libatomic1`",
  },
  "runtime/too-old": {
    cause: "the Node.js that runs the program is too old, and no newer one is installed beside it",
    remedy:
      "in a checkout run `npm ci`, which brings the pinned one; elsewhere install the version that the message names",
  },
};
