import { describe, expect, test } from "bun:test";
import { AgentLink } from "./agent-link.ts";
import { budgetBytes, DeviceBudget } from "./device-budget.ts";
import { Doorway } from "./doorway.ts";

const messageBytes = 256 * 1024;

describe("what a device may send", () => {
  test("a full buffer passes at once, all of it in whole messages", () => {
    const budget = new DeviceBudget(0);
    for (let sent = 0; sent < 256 * 1024 * 1024; sent += messageBytes) expect(budget.take("batch", messageBytes, 0)).toBe(true);
  });

  test("a month of minutes passes at once, each in a message of its own", () => {
    const budget = new DeviceBudget(0);
    for (let minute = 0; minute < 30 * 24 * 60; minute++) expect(budget.take("batch", 700, 0)).toBe(true);
  });

  test("what is used up comes back slowly, and never more than there was", () => {
    const budget = new DeviceBudget(0);
    let taken = 0;
    while (budget.take("batch", messageBytes, 0)) taken++;
    expect(taken).toBe(budgetBytes / messageBytes);
    expect(budget.take("batch", 10_000, 900)).toBe(false);
    expect(budget.take("batch", 10_000, 1_000)).toBe(true);
    expect(budget.take("batch", 10_000, 1_000)).toBe(false);
    const later = 365 * 86_400_000;
    for (taken = 0; budget.take("batch", messageBytes, later);) taken++;
    expect(taken).toBe(budgetBytes / messageBytes);
  });

  test("some thousand words besides measurements are too many", () => {
    const budget = new DeviceBudget(0);
    let taken = 0;
    while (budget.take("goodbye", 60, 0)) taken++;
    expect(taken).toBe(5_120);
  });
});

describe("the doorway", () => {
  /** As many as there is room for. */
  const fill = (doorway: Doorway, addressOf: (index: number) => string) => {
    const entered: AgentLink[] = [];
    for (let index = 0; index < 20_000; index++) {
      const link = new AgentLink(addressOf(index));
      if (!doorway.enter(link)) break;
      entered.push(link);
    }
    return entered;
  };

  test("is full for a network long before it is for all", () => {
    const doorway = new Doorway();
    const entered = fill(doorway, () => "192.0.2.1");
    expect(entered).toHaveLength(1_000);
    expect(doorway.enter(new AgentLink("192.0.2.2"))).toBe(true);
    doorway.leave(entered[0]!);
    // Who has left cannot leave again.
    doorway.leave(entered[0]!);
    expect(doorway.enter(new AgentLink("192.0.2.1"))).toBe(true);
    expect(doorway.enter(new AgentLink("192.0.2.1"))).toBe(false);
    expect(fill(doorway, (index) => `2001:db8::${index.toString(16)}`)).toHaveLength(1_000);
  });

  test("is full for all", () => {
    const doorway = new Doorway();
    const entered = fill(doorway, (index) => `2001:db8:${index.toString(16)}::1`);
    expect(entered).toHaveLength(10_000);
    doorway.leave(entered[7]!);
    expect(doorway.enter(new AgentLink("2001:db8:ffff::1"))).toBe(true);
    expect(doorway.enter(new AgentLink("2001:db8:fffe::1"))).toBe(false);
  });
});
