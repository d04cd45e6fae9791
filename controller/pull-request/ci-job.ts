import { CommentError } from "./comment-error.ts";

/** The pull or merge request that a pipeline runs for, and where its forge is asked. The token is a secret. */
export interface CiJob {
  readonly forge: "github" | "gitlab";
  /** Without a slash at its end. */
  readonly api: string;
  /** `owner/name` at GitHub, the number of the project at GitLab. */
  readonly repository: string;
  readonly number: number;
  /** `undefined`: the pipeline was given none, as those of forks are not. */
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the variables of a pipeline say: those of GitHub Actions
 * (https://docs.github.com/actions/reference/workflows-and-actions/variables), or of GitLab CI
 * (https://docs.gitlab.com/ci/variables/predefined_variables/).
 *
 * @param event text of the file that `GITHUB_EVENT_PATH` names; `undefined` where there is none
 * @throws CommentError `comment/no-pull-request`
 */
export function ciJob(env: Environment, event: string | undefined): CiJob {
  const job = env.GITLAB_CI === undefined ? githubJob(env, event) : gitlabJob(env);
  if (job !== undefined) return job;
  throw new CommentError("comment/no-pull-request", "this is no job for a pull or merge request", {
    help: "run it in a pipeline for `pull_request` (GitHub) or `merge_request_event` (GitLab)",
  });
}

function githubJob(env: Environment, event: string | undefined): CiJob | undefined {
  const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository } = env;
  const number = pullRequestOf(event);
  if (!isAddress(api) || repository === undefined || number === undefined) return undefined;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  const token = given(env.GITHUB_TOKEN) ?? given(env.GH_TOKEN);
  return { forge: "github", api: withoutSlash(api), repository, number, token };
}

function pullRequestOf(event: string | undefined): number | undefined {
  try {
    const said: unknown = JSON.parse(event ?? "null");
    if (typeof said !== "object" || said === null || !("pull_request" in said)) return undefined;
    const { pull_request: request } = said;
    if (typeof request !== "object" || request === null || !("number" in request)) return undefined;
    return Number.isSafeInteger(request.number) ? Number(request.number) : undefined;
  } catch {
    return undefined;
  }
}

function gitlabJob(env: Environment): CiJob | undefined {
  const { CI_API_V4_URL: api, CI_MERGE_REQUEST_PROJECT_ID: repository, CI_MERGE_REQUEST_IID: number } = env;
  if (!isAddress(api) || !/^\d{1,12}$/.test(repository ?? "") || !/^\d{1,12}$/.test(number ?? "")) {
    return undefined;
  }
  return {
    ...{ forge: "gitlab", api: withoutSlash(api) },
    ...{ repository: repository ?? "", number: Number(number), token: given(env.FAIRLEAD_NOTE_TOKEN) },
  };
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}

/** A variable that is set from a secret is there, and empty, where the secret is not given. */
function given(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
