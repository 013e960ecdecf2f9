/** The chosen colour scheme: light, dark or as the system has it. `public/color-scheme.js` reads the same name before the first paint. */
import { localStorageColorSchemeManager } from "@mantine/core";

export const colorSchemeManager = localStorageColorSchemeManager({ key: "hauswart-color-scheme" });
