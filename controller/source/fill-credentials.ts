import { runGit } from "./git-process.ts";
import { callRemote, type RemoteAccess } from "./remote-access.ts";

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/**
 * What git would show a server: from the credentials file, the helper, `GIT_ASKPASS`, or the repository's own address where
 * the server is the same.
 *
 * @param repository address of the state repository
 * @param url        of the server that wants to know
 * @returns `undefined` when there is nothing to show
 * @throws SourceError `source/git-missing`, `source/timeout`
 */
export async function fillCredentials(
  repository: string,
  access: RemoteAccess,
  url: URL,
): Promise<Credentials | undefined> {
  const { config, env } = callRemote(repository, access, process.env);
  const input = `protocol=${url.protocol.slice(0, -1)}\nhost=${url.host}\npath=${url.pathname.slice(1)}\n\n`;
  const filled = await runGit({ args: ["credential", "fill"], config, env, input });
  if (filled.exitCode !== 0) return undefined;
  const said = filled.stdout.toString("utf8");
  const answered = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, "m").exec(said)?.[1];
  const [name, password] = [answered("username"), answered("password")];
  return name === undefined || password === undefined ? undefined : { name, password };
}
