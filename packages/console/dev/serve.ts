/**
 * The console on its double, for working on it: `bun packages/console/dev/serve.ts`. Vite serves the sources with hot
 * reloading and hands /api to the double. Loopback only.
 */
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { buildRegistries } from "../../../tools/registry.mjs";
import { doubleAccount, makeDouble } from "./double.ts";

buildRegistries();
const double = makeDouble();
const api = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: (request) => double.answer(request) });
const vite = await createServer({
  configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
  configLoader: "native",
  server: {
    host: "127.0.0.1",
    port: Number(process.env["PORT"] ?? 7360),
    proxy: { "/api": { target: `http://127.0.0.1:${api.port}`, changeOrigin: false } },
  },
});
await vite.listen();
vite.printUrls();
console.log(`  sign in as ${doubleAccount.email} with the password ${doubleAccount.password}`);
