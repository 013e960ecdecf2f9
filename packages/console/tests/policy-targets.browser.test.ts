/** Checks that need a target: one instance each, and passwords that nobody sees again. */
import { secretIdOf } from "@hauswart/protocol/secret-settings.ts";
import { describe, expect } from "bun:test";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

const policyOf = (name: string) => stage.double.world.policies.find((policy) => policy.name === name)!;
const secret = "kirschbaum-4711";

describe("a check that needs a target", () => {
  story("is taken in by name, once for each target, and its password is not shown again", async () => {
    const address = `/policies/${policyOf("Kassen").policyId}?check=snmp`;
    const { page } = await stage.open(address);
    await settle(page);
    const name = page.getByRole("textbox", { name: "Name des Ziels" });
    await name.fill("Drucker Empfang");
    await page.getByRole("button", { name: "Aufnehmen", exact: true }).click();
    await page.getByText("Drucker Empfang", { exact: true }).waitFor();

    await name.fill("Drucker Empfang");
    await page.getByText("Diesen Namen gibt es hier schon.").waitFor();
    await shows(() => page.getByRole("button", { name: "Weiteres Ziel aufnehmen" }).isDisabled(), true);
    await name.fill("");

    await page.getByRole("button", { name: /^Community/ }).click();
    await page.getByLabel("Community", { exact: true }).fill(secret);
    await page.getByRole("button", { name: /^Gerät/ }).click();
    await page.getByRole("textbox", { name: "Gerät", exact: true }).fill("192.168.0.30");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();

    const [saved] = policyOf("Kassen").checks.filter(({ check }) => check === "snmp");
    expect(saved).toMatchObject({ instance: "Drucker Empfang", settings: { target: "192.168.0.30" } });
    expect(secretIdOf(saved!.settings["community"])).toBeDefined();

    const again = await stage.open(address);
    await settle(again.page);
    const field = again.page.getByLabel("Community", { exact: true });
    expect([await field.inputValue(), await field.getAttribute("placeholder")]).toEqual(["", "Gesetzt; zum Ändern neu eingeben"]);
    expect(await again.page.content()).not.toContain(secret);
    expect(await again.page.content()).not.toContain("sealed:");
  });
});
