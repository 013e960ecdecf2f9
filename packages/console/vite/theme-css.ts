/** Vite plugin: `virtual:theme.css` carries the CSS variables of the theme, so that nothing has to be styled at run time. */
import { convertCssVariables, DEFAULT_THEME, deepMerge, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { cssVariablesResolver, theme } from "../src/theme/theme.ts";

const id = "virtual:theme.css";
const resolved = `\0${id}`;

/** The theme's variables as a style sheet, for both colour schemes. */
export function themeCss(): string {
  const whole = mergeMantineTheme(DEFAULT_THEME, theme);
  return convertCssVariables(deepMerge(defaultCssVariablesResolver(whole), cssVariablesResolver(whole)), ":root");
}

export function themeCssPlugin(): Plugin {
  return {
    name: "hauswart-theme-css",
    resolveId: (source) => (source === id ? resolved : undefined),
    load: (source) => (source === resolved ? themeCss() : undefined),
  };
}
