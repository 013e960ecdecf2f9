/** `bun tools/settings-document.ts` writes docs/settings.md from packages/server/src/settings.ts. A test proves that it is current. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { environmentSchema } from "@hauswart/server/settings.ts";

export const settingsDocumentPath = fileURLToPath(new URL("../docs/settings.md", import.meta.url));

/** The text of docs/settings.md. */
export function settingsDocument(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    if (schema.description === undefined) throw new Error(`${name} has no description`);
    return `| \`${name}\` | ${schema.description} |`;
  });
  return [
    "# Settings",
    "",
    "All settings come from the environment. They are read once at start; a mistake is said in one sentence and the server does not start.",
    "An empty variable counts as not set. A name that starts with `HAUSWART_` and is not listed here is a mistake too.",
    "",
    "| setting | what it does |",
    "|---|---|",
    ...rows,
    "",
    "Plain HTTP is for the same computer only. Whoever lets others in needs a certificate: one of their own (`HAUSWART_TLS_CERT`, `HAUSWART_TLS_KEY`),",
    "one that the server makes (`HAUSWART_TLS_OWN=yes`), or that of a proxy in front which ends TLS (`HAUSWART_TLS_AT_PROXY=yes`).",
    "",
    "<!-- Made by tools/settings-document.ts from packages/server/src/settings.ts. -->",
    "",
  ].join("\n");
}

if (import.meta.main) writeFileSync(settingsDocumentPath, settingsDocument());
