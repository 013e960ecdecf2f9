import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { settingsDocument, settingsDocumentPath } from "./settings-document.ts";

test("docs/settings.md tells all settings as they are (bun tools/settings-document.ts renews it)", () => {
  expect(readFileSync(settingsDocumentPath, "utf8")).toBe(settingsDocument());
});
