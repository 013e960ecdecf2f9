/** Checks who imports whom, by the rules of layer-rules.ts. */
import { type Import, importsOf } from "./imports.ts";
import { computedNames, type Zone, zones } from "./layer-rules.ts";
import { isScript, isTest, projectFiles, readSource } from "./sources.ts";

/** Zones' folders; scripts elsewhere (configuration at the root) stand outside the layers. */
const layered = /^(?:packages|features|tools|bench|tests)\//;

const layersByName = /^(?:packages|features)\//;

/** Every import that the rules do not allow, as `FILE:LINE imports X: why not`. */
export function findLayerViolations(root: string): string[] {
  return projectFiles(root)
    .filter((path) => layered.test(path) && isScript(path))
    .flatMap((path) => {
      const zone = zones.find((candidate) => matchesAny(candidate.files, path));
      if (!zone) return [`${path}: belongs to no zone of tools/layer-rules.ts; give it a place or a rule`];
      return importsOf(path, readSource(root, path)).flatMap((one) => {
        const why = objection(zone, path, one);
        return why === undefined ? [] : [`${path}:${one.line} imports ${one.specifier}: ${why}`];
      });
    });
}

/** Why a file may not import this; undefined when it may. */
function objection(zone: Zone, path: string, { target, specifier }: Import): string | undefined {
  const feature = /^features\/([^/]+)\//.exec(path)?.[1] ?? "";
  const fits = (patterns: readonly string[]): boolean =>
    matchesAny(
      patterns.map((pattern) => pattern.replaceAll("{feature}", feature)),
      target,
    );
  if (target === "?")
    return isTest(path) || zone.files.includes("tools/**") || path in computedNames
      ? undefined
      : "a computed name cannot be judged; write the name out";
  const isRegistry = target.startsWith("features/registry/") && fits(zone.may);
  const ban = isRegistry ? undefined : zone.bans?.find(({ to }) => fits(to));
  if (ban) return ban.why;
  if (!fits(zone.may)) return zone.why;
  if (!isRegistry && specifier.startsWith(".") && layersByName.test(path) && layersByName.test(target) && unitOf(target) !== unitOf(path)) {
    return "a package is imported by its name, so that its exports hold";
  }
  return undefined;
}

/** The unit that relative imports stay in: a package, or all features, whose neighbours the rules tell apart. */
function unitOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "packages" ? `packages/${second}` : top;
}

const compiled = new Map<string, Bun.Glob>();

function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const glob = compiled.get(pattern) ?? new Bun.Glob(pattern);
    compiled.set(pattern, glob);
    return glob.match(text);
  });
}
