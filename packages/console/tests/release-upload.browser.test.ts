/** A release of the agent is uploaded: its signed manifest and the files that it names. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll } from "bun:test";
import { createHash } from "node:crypto";
import { setStage, settle, type Stage } from "./stage.ts";
import { shows } from "./shows.ts";

const missing = whyNoBrowser();
let stage: Stage;
const story = testNeeding(missing);

beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

// More than one part.
const application = Buffer.alloc(600_000, "application");
const manifest = JSON.stringify({
  product: "hauswart-agent",
  version: "0.4.0",
  channel: "stable",
  createdAtMs: Date.UTC(2026, 10, 20),
  expiresAtMs: Date.UTC(2028, 10, 20),
  minimalLoader: 1,
  minimalRuntime: "1.4.5",
  files: [
    {
      kind: "application",
      target: "linux",
      name: "application-linux.js",
      sizeBytes: application.length,
      sha256: createHash("sha256").update(application).digest("hex"),
    },
  ],
});
const envelope = Buffer.from(JSON.stringify({ format: 1, manifest, signatures: [{ key: "key", signature: "signature" }] }));
const releaseFile = { name: "release.json", mimeType: "application/json", buffer: envelope };
const applicationFile = { name: "application-linux.js", mimeType: "text/javascript", buffer: application };

story(
  "a release is uploaded in parts; what is missing is named, and with the last part it is offered",
  async () => {
    const { page } = await stage.open("/agents");
    await settle(page);
    await page.getByRole("button", { name: "Version hochladen" }).click();
    const dialog = page.getByRole("dialog");
    const send = dialog.getByRole("button", { name: "Hochladen", exact: true });
    const files = page.locator("input[type=file]");
    await files.setInputFiles([applicationFile]);
    await send.click();
    await dialog.getByText("release.json ist nicht dabei.").waitFor();
    await files.setInputFiles([releaseFile]);
    await send.click();
    await dialog.getByText("Es fehlen: application-linux.js.").waitFor();
    await files.setInputFiles([releaseFile, applicationFile]);
    await send.click();
    await page.getByText("Version 0.4.0 wird verteilt.").waitFor();
    await shows(() => page.getByRole("dialog").count(), 0);
    await page
      .getByRole("row", { name: /0\.4\.0/ })
      .first()
      .waitFor();
  },
  60_000,
);
