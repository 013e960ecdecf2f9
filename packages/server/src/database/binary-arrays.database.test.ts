import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { byteaArray, float8Array, int2Array, int4Array, int8Array, textArray, timestampArray, uuidArray } from "./binary-arrays.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const uuids = ["00000000-0000-0000-0000-000000000000", "0193b6c0-1111-7abc-9def-0123456789ab", "FFFFFFFF-ffff-ffff-ffff-ffffffffffff"];

/** The array as PostgreSQL reads it, printed by itself and compared with the same values sent as text. */
test.each([
  ["smallint[]", int2Array([0, 1, -1, 32_767, -32_768]), "{0,1,-1,32767,-32768}"],
  ["integer[]", int4Array([0, -1, 2_147_483_647, -2_147_483_648]), "{0,-1,2147483647,-2147483648}"],
  [
    "bigint[]",
    int8Array([0, 1, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]),
    "{0,1,-1,4294967296,-4294967297,9007199254740991,-9007199254740991}",
  ],
  ["double precision[]", float8Array([0, -0.1, 1e300, Number.NaN, Number.POSITIVE_INFINITY]), "{0,-0.1,1e300,NaN,Infinity}"],
  [
    "timestamptz[]",
    timestampArray([0, 946_684_800_000, 1_763_700_000_123, 8.64e15]),
    "{1970-01-01T00:00:00Z,2000-01-01T00:00:00Z,2025-11-21T04:40:00.123Z,275760-09-13T00:00:00Z}",
  ],
  ["uuid[]", uuidArray(uuids), `{${uuids.join(",")}}`],
  ["bytea[]", byteaArray([Buffer.from([]), Buffer.from([0, 255, 1])]), '{"\\\\x","\\\\x00ff01"}'],
  ["text[]", textArray(["", "ä😀", 'quote " and \\', null]), '{"","ä😀","quote \\" and \\\\",NULL}'],
  ["integer[]", int4Array([]), "{}"],
  ["text[]", textArray([]), "{}"],
])("%s arrives as it was sent", async (type, sent, expected) => {
  const [row] = await database.unwalled("test", (tx) =>
    tx.sql<{ equal: boolean; text: string }>(
      `select ($1::${type})::text = ($2::text::${type})::text as equal, ($1::${type})::text as text`,
      [sent, expected],
    ),
  );
  expect(row).toMatchObject({ equal: true });
});
