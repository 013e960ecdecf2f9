/** A component without its style sheet works and looks broken; so the two lists are compared. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("..", import.meta.url));
const styles = join(dirname(createRequire(import.meta.url).resolve("@mantine/core/package.json")), "styles");

test("every Mantine component that is used brings its style sheet", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));
  const used = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(source, file), "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].flatMap(([, names]) =>
        names!.split(",").map((name) => name.trim().replace(/^type /, "")),
      ),
    ),
  );
  const loaded = readFileSync(join(source, "theme/mantine-styles.ts"), "utf8");
  const missing = [...used].filter((name) => existsSync(join(styles, `${name}.layer.css`)) && !loaded.includes(`/${name}.layer.css"`));
  expect(used.size).toBeGreaterThan(15);
  expect(missing).toEqual([]);
});
