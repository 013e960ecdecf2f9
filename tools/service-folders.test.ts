import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { requireServerFolder } from "./service-folders.ts";

const folder = temporaryFolder("service-folders");

test("only an empty folder and one of a server are given to the server", () => {
  const refused = () => {
    try {
      requireServerFolder(folder);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused()).toBeUndefined();
  mkdirSync(join(folder, "lost+found"));
  expect(refused()).toBeUndefined();
  mkdirSync(join(folder, "0a1b2c3d4e5f", "postgresql"), { recursive: true });
  expect(refused()).toBeUndefined();
  writeFileSync(join(folder, "letters.odt"), "");
  expect(refused()).toContain(`The folder ${folder} holds files that belong to somebody else`);
  mkdirSync(join(folder, "secrets"));
  expect(refused()).toBeUndefined();
});
