import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { testDatabase } from "@hauswart/testkit/database.ts";
import { schemaTypes, schemaTypesPath } from "../../../../tools/database-types.ts";

test("schema.gen.ts describes the database as the migrations leave it (bun tools/database-types.ts renews it)", async () => {
  await using database = await testDatabase();
  expect(readFileSync(schemaTypesPath, "utf8")).toBe(await database.unwalled("types of the schema", schemaTypes));
});
