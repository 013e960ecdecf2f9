import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { answerDownload } from "./agent-downloads.ts";

const directory = mkdtempSync(join(tmpdir(), "hauswart-download-"));
writeFileSync(join(directory, "hauswart-agent-linux-x64"), "a program");
writeFileSync(join(directory, "secret"), "a secret");
const get = (path: string, method = "GET") => answerDownload(new Request(`http://localhost${path}`, { method }), directory);

test("a built agent is handed out as a file", async () => {
  const response = await get("/download/hauswart-agent-linux-x64");
  expect(await response.text()).toBe("a program");
  expect(response.headers.get("content-disposition")).toContain("hauswart-agent-linux-x64");
});

test.each([
  "/download/secret",
  "/download/../secret",
  "/download/%2e%2e/secret",
  "/download/..%2fsecret",
  "/download/hauswart-agent-linux-x64/../secret",
  "/download/hauswart-agent-plan9-x64",
  "/download/",
  "/download/hauswart-agent-linux-x64%00",
  "/download//etc/passwd",
])("%s leads nowhere", async (path) => {
  const error: unknown = await get(path).catch((thrown: unknown) => thrown);
  expect(error instanceof HauswartError && error.code).toBe("NOT_FOUND");
});

test("a program is only read", async () => {
  const error: unknown = await get("/download/hauswart-agent-linux-x64", "DELETE").catch((thrown: unknown) => thrown);
  expect(error instanceof HauswartError && error.code).toBe("METHOD_NOT_ALLOWED");
});
