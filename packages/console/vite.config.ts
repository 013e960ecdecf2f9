import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { routeTablePlugin } from "./vite/route-table.ts";
import { themeCssPlugin } from "./vite/theme-css.ts";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), routeTablePlugin(), themeCssPlugin()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Every asset is a file with its hash in the name; nothing is inlined, as the content policy wants it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // What many pages need comes as one file. Left alone, the overview's first load was 54 files, most of them under 2 kB, and a
    // browser that fetches six at a time over HTTP/1.1 waited for them in turn. What fewer pages need than that would make the
    // first load heavier than it may be.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 16 }] } } },
  },
});
