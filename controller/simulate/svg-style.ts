/** Pixels below which the narrow arrangement is shown. */
const NARROW = 640;

const LIGHT = {
  ground: "#ffffff",
  ink: "#1f2328",
  quiet: "#57606a",
  grid: "#d8dee4",
  axis: "#8c959f",
  adopted: "#218bff",
  failed: "#cf222e",
  held: "#8250df",
  wave: "#8c959f",
} as const;
const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  ground: "#0d1117",
  ink: "#e6edf3",
  quiet: "#9198a1",
  grid: "#30363d",
  axis: "#6e7681",
  adopted: "#1f6feb",
  failed: "#ff7b72",
  held: "#a371f7",
  wave: "#6e7681",
};

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}

/** How the picture looks: colours for light and dark, and which of its two arrangements is seen. */
export const SVG_STYLE = [
  `svg{${variables(LIGHT)};font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;max-width:100%;height:auto}`,
  `@media(prefers-color-scheme:dark){svg{${variables(DARK)}}}`,
  `.narrow{display:none}@media(max-width:${NARROW - 0.02}px){.narrow{display:inline}.wide{display:none}}`,
  // Lines are as thick on a telephone as on a wall.
  "path{vector-effect:non-scaling-stroke}pattern path{vector-effect:none}",
  "text{fill:var(--ink)}.strong{font-weight:600}.quiet{fill:var(--quiet)}.end{text-anchor:end}.middle{text-anchor:middle}",
  ".ground{fill:var(--ground)}.grid,.axis,.wave,.allowed,.failed,.halt{fill:none}.grid{stroke:var(--grid)}.axis{stroke:var(--axis)}",
  ".adopted{fill:var(--adopted)}.hatch{stroke:var(--failed);stroke-width:3}.failed{stroke:var(--failed);stroke-width:1.5}",
  ".allowed{stroke:var(--ink);stroke-width:2.5;stroke-dasharray:7 4;stroke-linejoin:round}",
  ".wave{stroke:var(--wave);stroke-dasharray:2 4;stroke-width:1.5}.held{fill:var(--held)}",
  ".halt{stroke:var(--failed);stroke-width:2.5}.after{fill:var(--failed);opacity:.07}",
  ".halted{fill:var(--failed);font-weight:600}.halted,.name{paint-order:stroke;stroke:var(--ground);stroke-width:6;stroke-linejoin:round}",
].join("\n");
