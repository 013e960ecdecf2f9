/** Where the sandbox of proxy scripts lies. The executable carries it, so that a bundle of the application stays small. */
import { fileURLToPath } from "node:url";

let carried: string | undefined;

/** @param path where the executable has it */
export function carrySandbox(path: string | undefined): void {
  carried = path;
}

/** The package does not list this file among its exports. */
export const sandboxPath = (): string =>
  carried ?? fileURLToPath(new URL("../../../../node_modules/quickjs-wasi/quickjs.wasm", import.meta.url));
