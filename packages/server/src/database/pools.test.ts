import { expect, test } from "bun:test";
import { silentLogger } from "../operation/log.ts";
import { openPool } from "./pools.ts";

test("a connection that breaks while idle is told, but for one that PostgreSQL breaks off after the pool's end", async () => {
  const told: string[] = [];
  const pool = openPool({}, 1, { ...silentLogger, warn: (message) => void told.push(message) });
  const breaks = () => pool.emit("error", new Error("terminating connection due to administrator command"), {});
  breaks();
  await pool.end();
  breaks();
  expect(told).toEqual(["a database connection broke while idle"]);
});
