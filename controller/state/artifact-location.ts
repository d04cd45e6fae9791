/** Where the bytes of an artifact are. */
export type ArtifactLocation =
  | {
      readonly kind: "hosted";
      /** Below the artifact folder, with `/`; may be any text, so whoever opens it must look where it leads. */
      readonly path: string;
    }
  | {
      /** Elsewhere: the URL is signed, agents follow it, and the controller redirects to it. */
      readonly kind: "external";
      readonly url: string;
    };

/** State names hosted files relative to its root: this part of their path is the artifact folder itself. */
const FOLDER = "artifacts/";

/** Reads what a version file says as `url`. */
export function readArtifactLocation(url: string): ArtifactLocation {
  if (/^https?:\/\//i.test(url)) return { kind: "external", url };
  return { kind: "hosted", path: url.replace(/^(?:\.\/)?artifacts\//, "") };
}

/** What `readArtifactLocation` reads as this location. */
export function writeArtifactLocation(location: ArtifactLocation): string {
  return location.kind === "external" ? location.url : `${FOLDER}${location.path}`;
}
