import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { testComputer } from "@hauswart/testkit/wire-agent.ts";
import { createLog } from "../log.ts";
import { DataDirectory } from "../state/data-directory.ts";
import { readEnrolment } from "../state/enrolment.ts";
import { carryOutOrder, type OrderSurroundings } from "./carry-out-order.ts";
import { readOrder, writeOrder } from "./enrolment-order.ts";

const temporary = temporaryFolder("order");
let data: DataDirectory;
let server: FakeServer;
let said: string[];
let slept: number[];
let isEnding: boolean;

beforeEach(async () => {
  data = new DataDirectory(join(mkdtempSync(join(temporary, "computer-")), "agent"));
  server = await startFakeServer({});
  said = [];
  slept = [];
  isEnding = false;
});
afterEach(async () => {
  await server.stop();
});

const surroundings = (onSleep: () => void = () => {}): OrderSurroundings => ({
  data,
  log: createLog((line) => said.push(line)),
  environment: { https_proxy: "", all_proxy: "", no_proxy: "" },
  describeComputer: async () => testComputer(),
  sleep: async (milliseconds) => {
    slept.push(milliseconds);
    onSleep();
  },
  now: () => 1_000,
  isEnding: () => isEnding,
});
const order = (url = server.url, token = server.core.behaviour.token) => writeOrder(data, { server: url, token });

test("an order is carried out once, and its token is gone", async () => {
  order();
  expect(await carryOutOrder(surroundings(), false)).toBe(true);
  expect(readEnrolment(data)?.server).toBe(server.url);
  expect(readOrder(data)).toBeUndefined();
  expect(said.join()).not.toContain(server.core.behaviour.token);
});

test("a server that cannot be reached is asked again", async () => {
  const { url } = server;
  order("http://127.0.0.1:1");
  expect(
    await carryOutOrder(
      surroundings(() => order(url)),
      false,
    ),
  ).toBe(true);
  expect(slept).toHaveLength(1);
  expect(said[0]).toContain("will try again");
});

test("a refusal ends the order", async () => {
  order(server.url, "another token");
  expect(await carryOutOrder(surroundings(), false)).toBe(false);
  expect(readOrder(data)).toBeUndefined();
  expect(said.join()).toContain("the server refused the enrolment");
  expect(said.join()).not.toContain("another token");
});

test("a computer that is enrolled keeps its identity", async () => {
  order();
  await carryOutOrder(surroundings(), false);
  const before = readEnrolment(data);
  order("http://127.0.0.1:1");
  expect(await carryOutOrder(surroundings(), false)).toBe(true);
  expect([readEnrolment(data), readOrder(data)]).toEqual([before, undefined]);
});

test("a service waits until somebody orders, or until it ends", async () => {
  expect(
    await carryOutOrder(
      surroundings(() => slept.length === 3 && order()),
      true,
    ),
  ).toBe(true);
  expect(slept).toHaveLength(3);
  expect(said.filter((line) => line.includes("waits for it"))).toHaveLength(1);
  data.remove("agent.json");
  expect(
    await carryOutOrder(
      surroundings(() => void (isEnding = true)),
      true,
    ),
  ).toBe(false);
});
