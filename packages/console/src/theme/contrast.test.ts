/** Text and states against every surface that they stand on, in both themes: at least 4.5:1 (WCAG 2.2, 1.4.3). */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const leastContrast = 4.5;

/** The colour tokens of one scheme. */
function tokensOf(scheme: string): Map<string, string> {
  const block = new RegExp(`data-mantine-color-scheme="${scheme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(["light", "dark"])("%s", (scheme) => {
  const tokens = tokensOf(scheme);
  const surfaces = ["surface", "surface-rail", "surface-hover", "surface-active", "surface-sunken"];
  const inks = ["text", "text-dimmed", "accent", "state-ok", "state-warning", "state-failure", "state-unknown"];
  test.each(surfaces.flatMap((surface) => inks.map((ink) => [ink, surface] as const)))("%s on %s", (ink, surface) => {
    expect(contrast(tokens.get(ink)!, tokens.get(surface)!)).toBeGreaterThanOrEqual(leastContrast);
  });
  test("marks that are no text are told from the surface: 3:1", () => {
    for (const mark of ["state-ok-fill", "state-failure-fill", "accent"])
      expect(contrast(tokens.get(mark)!, tokens.get("surface")!)).toBeGreaterThanOrEqual(3);
  });
});
