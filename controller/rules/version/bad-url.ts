import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionBadUrl: ProductRule = {
  id: "version/bad-url",
  severity: "error",
  summary: "the address of an artifact cannot be used",
  explanation:
    "An artifact is at an `https` URL, or at a path below the state root, with `/` and without `..`. Credentials in a URL would be published to every agent.",
  failing: {
    files: {
      "products/agent/versions/1.2.0.yaml": versionFile("1.2.0").replace("artifacts/agent-1.2.0", "../agent"),
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.2.0.yaml": versionFile("1.2.0").replace(
        "artifacts/agent-1.2.0",
        "https://dl.acme.example/agent-1.2.0",
      ),
    },
  },
  *checkProduct(product) {
    for (const document of product.versions.values()) {
      for (const [index, { url, deltas = [] }] of document.value.artifacts.entries()) {
        // Nearly all: what follows makes much to say nothing.
        if (deltas.length === 0 && url !== undefined && PLAIN_URL.test(url)) continue;
        const addresses = [
          { what: "artifact", url, path: ["artifacts", index, "url"] },
          ...deltas.map((delta, at) => ({
            what: "delta",
            url: delta.url,
            path: ["artifacts", index, "deltas", at, "url"],
          })),
        ];
        for (const { what, url, path } of addresses) {
          const problem = url === undefined ? undefined : problemOf(url);
          if (problem === undefined) continue;
          yield {
            message: `the address of the ${what} ${problem}`,
            at: { document, path },
            help: "write an https URL, or a path below the state root such as `artifacts/agent-1.4.2-linux-x64`",
          };
        }
      }
    }
  },
};

/** The usual form, accepted without parsing: a state may hold tens of thousands of URLs. */
const PLAIN_URL = /^https:\/\/[a-z0-9.-]+\/[A-Za-z0-9._+~/-]*$/;

function problemOf(url: string): string | undefined {
  if (PLAIN_URL.test(url)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    if (!URL.canParse(url)) return "is not a URL";
    const { protocol, username, password } = new URL(url);
    if (protocol !== "https:") return `uses \`${protocol.slice(0, -1)}\`, not https`;
    return username === "" && password === "" ? undefined : "holds credentials, which every agent would see";
  }
  const segments = url.split("/");
  if (url.startsWith("/")) return "is an absolute path";
  if (segments.includes("..") || segments.includes(".") || segments.includes("")) {
    return "is a path with `..`, `.` or an empty part";
  }
  return /^[A-Za-z0-9._+~/@-]+$/.test(url)
    ? undefined
    : "is a path with characters that not every system has";
}
