import { printable } from "../../protocol/printable.ts";
import { SourceError, type SourceErrorCode } from "./source-error.ts";

/** How git, curl and ssh say why a remote could not be reached; their environment asks for English. First match wins. */
const CAUSES: readonly (readonly [code: SourceErrorCode, said: RegExp, help: string])[] = [
  [
    "source/proxy-failed",
    /resolve proxy|from proxy after CONNECT|CONNECT tunnel failed|Proxy CONNECT aborted|connect to proxy|proxy handshake/i,
    "check `https_proxy`, `http_proxy` and `no_proxy` of the service, and what the proxy lets through",
  ],
  [
    "source/certificate-refused",
    /certificate|SSL_ERROR_BAD_CERT|CAfile|trust anchor/i,
    "name the file of the server's authority with --git-ca, or renew the server's certificate",
  ],
  [
    "source/host-key-refused",
    /host key verification failed|REMOTE HOST IDENTIFICATION|No \S+ host key is known/i,
    "compare the host's key with the one that its operator publishes, then put it into --ssh-known-hosts FILE",
  ],
  [
    "source/authentication-failed",
    /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied \(|returned error: 40[13]\b|Access denied/i,
    "give a token that may read the repository: --git-credentials FILE or --git-credential-helper; over ssh, --ssh-key FILE",
  ],
  [
    "source/host-not-found",
    /Could not resolve host|Name or service not known|Temporary failure in name resolution/i,
    "check the host in the address, and the name servers of the controller",
  ],
  [
    "source/timeout",
    /timed out|Timeout was reached|transfer speed|too slow/i,
    "check the network and its firewalls; a large repository may need a longer --fetch-timeout",
  ],
];

/**
 * Why a remote could not be fetched, with the remedy of that cause.
 *
 * @param place  the address, without secrets
 * @param reason the line of git's output that says most
 * @param said   all of that output
 */
export function explainUnreachable(place: string, reason: string, said: string): SourceError {
  const saying = (line: string): string => `\`${place}\` cannot be fetched: ${printable(line)}`;
  for (const [code, pattern, help] of CAUSES) {
    const line = said.split("\n").find((each) => pattern.test(each));
    if (line !== undefined) return new SourceError(code, saying(line), { help });
  }
  const other = otherHost(place, said);
  if (other !== undefined) {
    return new SourceError("source/proxy-failed", saying(reason), {
      help: `\`${other}\` is the proxy that the service's environment names: start it, or list the host in \`no_proxy\``,
    });
  }
  const isHidden = /not found|does not appear to be a git repository|returned error: 404/i.test(said);
  return new SourceError("source/repository-unreachable", saying(reason), {
    help: isHidden
      ? "check the address; a forge says the same to whoever may not read the repository: check the credentials too"
      : "check the address, the network and that the server runs",
  });
}

/**
 * Why a branch could not be pushed: the same causes, where nobody was reached or let in; else the server refused it.
 *
 * @param place   the address, without secrets
 * @param summary what git says of the branch: `[remote rejected] (pre-receive hook declined)`; empty: nothing
 * @param said    all of git's output of errors
 */
export function explainUnpushed(place: string, summary: string, said: string): SourceError {
  const lines = said.split("\n").filter((line) => line !== "");
  const reason =
    lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? "no reason given";
  const { code } = explainUnreachable(place, reason, said);
  const isRefused = summary !== "" || NOT_LET_IN.has(code) || /not permitted|denied|protected/i.test(said);
  if (!isRefused) {
    return new SourceError(code, `no branch can be pushed to \`${place}\`: ${printable(reason)}`, {
      help: "check the address, the network and that the server runs; it is tried again",
    });
  }
  const words = [summary, reason].filter((text) => text !== "").join(", ");
  return new SourceError("source/push-refused", `\`${place}\` takes no branch: ${printable(words)}`, {
    help: "give the controller a token or key that may push branches below `fairlead/`, or set `propose: off`",
  });
}

/** Where reading goes well, these mean that writing is not allowed. */
const NOT_LET_IN: ReadonlySet<SourceErrorCode> = new Set(["source/authentication-failed"]);

/** Where curl tried to connect, if that is not the host of the address. */
function otherHost(place: string, said: string): string | undefined {
  const [, tried] = /Failed to connect to (\S+) port \d+/.exec(said) ?? [];
  const host = URL.parse(place)?.hostname.replace(/^\[|\]$/g, "");
  return tried === undefined || host === undefined || tried === host ? undefined : tried;
}
