import type { ScaffoldFile } from "./scaffold-file.ts";

/** What checks a change before it is merged: two examples of CI, and a hook for before a commit. */
export function ciFiles(): ScaffoldFile[] {
  return [
    { path: ".github/workflows/fairlead.yml", content: githubWorkflow() },
    { path: ".gitlab-ci.yml", content: gitlabPipeline() },
    { path: ".githooks/pre-commit", content: preCommitHook(), executable: true },
  ];
}

function githubWorkflow(): string {
  return `# Says what is wrong with a change, and what it would do to the fleet, in one comment that it keeps up to date.
name: fairlead
on:
  pull_request:
permissions:
  contents: read
  pull-requests: write
jobs:
  check:
    runs-on: ubuntu-latest
    env:
      # A variable of the repository: what npm installs, such as a tarball or a git URL of your own copy, which npm 12
      # takes only where it is told to. There is no default, so that nobody installs what a stranger published under
      # the name.
      FAIRLEAD_PACKAGE: \${{ vars.FAIRLEAD_PACKAGE }}
      BASE: refs/remotes/origin/\${{ github.base_ref }}
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}   # what channels pointed to before comes from history
      - uses: actions/setup-node@v4
        with: {node-version: 26}
      - run: npm install --global --allow-git=root --allow-remote=root "\${FAIRLEAD_PACKAGE:?set this variable of the repository first}"
      - id: validate
        run: fairlead validate --base "$BASE" --format github --artifacts
      # Also where the change is refused: else the comment would still speak of the one before.
      - if: \${{ !cancelled() }}
        env:
          VALIDATED: \${{ steps.validate.outcome }}
        run: |
          fairlead plan --base "$BASE" --head HEAD --format markdown > found.md || failed=1
          if [ ! -s found.md ]; then
            echo '**There is no plan**: the log of the job says why.'
          elif [ "$VALIDATED" = failure ]; then
            echo '**The change is refused** by \`fairlead validate\`: what is wrong stands beside its lines.'
            echo
          fi > plan.md
          cat found.md >> plan.md
          cat plan.md >> "$GITHUB_STEP_SUMMARY"
          exit "\${failed:-0}"
      # A token that may only read, as forks have: then the summary of the job is what people read, and nothing fails.
      - if: \${{ !cancelled() }}
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: fairlead comment plan.md
`;
}

function gitlabPipeline(): string {
  return `# Says what is wrong with a change, and what it would do to the fleet.
fairlead:
  image: node:26
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0   # what channels pointed to before comes from history
    # FAIRLEAD_PACKAGE is a variable of the project: what npm installs, such as a tarball or a git URL of your own copy,
    # which npm 12 takes only where it is told to. There is no default, so that nobody installs what a stranger
    # published under the name.
    BASE: refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME
  script:
    - npm install --global --allow-git=root --allow-remote=root "\${FAIRLEAD_PACKAGE:?set this variable of the project first}"
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    - fairlead validate --base "$BASE" --format gitlab --artifacts > findings.json || refused=1
    # Also where the change is refused: else the note would still speak of the one before.
    - fairlead plan --base "$BASE" --head HEAD --format markdown > found.md || failed=1
    - |
      if [ ! -s found.md ]; then
        echo '**There is no plan**: the log of the job says why.'
      elif [ -n "$refused" ]; then
        echo '**The change is refused** by \`fairlead validate\`: what is wrong stands beside its lines.'
        echo
      fi > plan.md
    - cat found.md >> plan.md
    - cat plan.md
    # With FAIRLEAD_NOTE_TOKEN, a masked variable with a token of the project (role Reporter, scope api), the plan stands
    # as a note at the merge request. Pipelines of forks do not get it, and go on without.
    - fairlead comment plan.md || failed=1
    - exit "\${failed:-\${refused:-0}}"
  artifacts:
    when: always
    paths: [plan.md]
    reports: {codequality: findings.json}
`;
}

function preCommitHook(): string {
  return `#!/bin/sh
# Turned on with: git config core.hooksPath .githooks. Judges what is staged: what the commit will be.
if ! command -v fairlead > /dev/null; then
  echo "fairlead is not on the PATH: this commit is not checked" >&2
  exit 0
fi
exec fairlead validate --staged
`;
}
