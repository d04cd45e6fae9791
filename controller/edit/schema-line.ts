/** The line by which editors find the schema of a state file, seen from the folder that it is in. */
export function schemaLine(
  kind: "channel" | "expectations" | "fleet" | "product" | "tenant" | "version",
  depth: number,
): string {
  return `# yaml-language-server: $schema=${"../".repeat(depth) || "./"}schemas/${kind}.schema.json\n`;
}
