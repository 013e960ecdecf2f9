/**
 * Vite plugin: `virtual:route-table` carries method and path of every route. The console takes the types from `routes` and
 * only this at run time, so that no schema reaches the browser (27 kB less in the first load).
 */
import { routes } from "@hauswart/protocol/api/routes.ts";
import type { Plugin } from "vite";

const id = "virtual:route-table";
const resolved = `\0${id}`;

export function routeTablePlugin(): Plugin {
  return {
    name: "hauswart-route-table",
    resolveId: (source) => (source === id ? resolved : undefined),
    load(source) {
      if (source !== resolved) return undefined;
      const table = Object.fromEntries(Object.values(routes).map(({ name, method, path, csv }) => [name, { method, path, csv }]));
      return `export default ${JSON.stringify(table)};`;
    },
  };
}
