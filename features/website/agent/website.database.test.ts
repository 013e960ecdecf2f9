import { expect, test } from "bun:test";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { testAuthority } from "@hauswart/testkit/authority.ts";
import type { TestCertificate } from "@hauswart/testkit/certificate.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

const byText = (one: string, other: string) => one.localeCompare(other);

test("MON-11: a shop loses its cart and its certificate ends: the alarm mails come, and all is well again", async () => {
  const authority = await testAuthority();
  const fresh = await authority.issue(["localhost"]);
  const old = await authority.issue(["localhost"], 3);
  let page = "Warenkorb";
  /** The shop's server; another one takes its place with another certificate. */
  let close = () => {};
  const serve = async ({ certificate, privateKey }: TestCertificate, port = 0) => {
    close();
    const shop = createServer({ cert: certificate, key: privateKey }, (_, response) => void response.end(page));
    await new Promise<void>((resolve) => shop.listen(port, "127.0.0.1", resolve));
    close = () => (shop.closeAllConnections(), shop.close());
    return (shop.address() as AddressInfo).port;
  };
  const port = await serve(fresh);
  const url = `https://localhost:${port}/`;
  try {
    await using house = await checkHouse({ collectors: collectors as never, judged });
    const settings = { url, textPresent: ["Warenkorb"], textAbsent: ["Fatal error"], extraAuthorities: authority.certificate };
    await house.setPolicy([{ check: "website", instance: "Shop", failuresBeforeFinding: 1, settings }]);
    const well = await house.waitForCheck("website", "Shop", ({ state }) => state === "ok");
    expect(well.subjects.map(({ code, subject, state }) => [code, subject, state])).toContainEqual(["text", "Warenkorb", "ok"]);

    page = "Fatal error: no database";
    await house.measureNow();
    const bad = await house.waitForCheck("website", "Shop", ({ state }) => state === "failure");
    expect(bad.subjects.filter(({ state }) => state !== "ok").map(({ subject }) => subject)).toEqual(["Fatal error", "Warenkorb"]);
    const alarm = await house.mails.waitForMail(({ message }) => message.subject?.includes("PC-EMPFANG") ?? false);
    expect(alarm.message.text).toContain("Unerwünschter Text „Fatal error“");
    expect(alarm.message.text).toContain("Text „Warenkorb“ fehlt");

    page = "Warenkorb";
    await serve(old, port);
    await house.measureNow();
    const ending = await house.waitForCheck("website", "Shop", ({ subjects }) =>
      subjects.some(({ code, state }) => code === "certificate" && state === "failure"),
    );
    expect(ending.subjects.find(({ code }) => code === "certificate")!.evidence).toMatchObject({ certificateProblem: "", leftDays: 2 });

    await serve(fresh, port);
    await house.measureNow();
    await house.waitForCheck("website", "Shop", ({ state }) => state === "ok");
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.map(({ code, closedAt }) => `${code} ${closedAt === null ? "open" : "closed"}`).sort(byText)).toEqual([
      "certificate closed",
      "text closed",
      "text closed",
    ]);
  } finally {
    close();
  }
}, 120_000);
