/** `npm run format`: brings all files into their one form, and takes the repairs that the linter is sure of. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "./sources.ts";

const run = (script: string, argumentList: readonly string[]): number | null =>
  spawnSync(process.execPath, [join(projectRoot, "node_modules", script), ...argumentList], { cwd: projectRoot, stdio: "inherit" }).status;

const statuses = [run("oxlint/bin/oxlint", ["--fix", "--quiet", "."]), run("oxfmt/bin/oxfmt", ["."])];
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
