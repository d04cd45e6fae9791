/**
 * Where an artifact is below the prefix of an origin, which takes the place of the artifact folder.
 *
 * @param prefix ends in `/`
 * @param path   below the artifact folder, as the state has it: any text
 * @returns `undefined` for a path that would lead out of the prefix, or that no two programs read alike
 */
export function originAddress(prefix: string, path: string): string | undefined {
  const segments = path.split("/");
  const isPlain = segments.every(
    (each) => each !== "" && each !== "." && each !== ".." && !each.includes("\\"),
  );
  if (!isPlain || !path.isWellFormed()) return undefined;
  return `${prefix}${segments.map(encodeURIComponent).join("/")}`;
}
