/** The first hour on an installation as its first start leaves it, led by nothing but what stands on the screen. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, describe, expect } from "bun:test";
import { raiseAlarm } from "../dev/daily.ts";
import { doubleAccount } from "../dev/double.ts";
import { enrolDevice } from "../dev/handlers.ts";
import { acknowledgeAlarm, changePolicy, signIn, takeFirstSteps } from "./newcomer-steps.ts";
import { setStage, type Stage } from "./stage.ts";
import { shows } from "./shows.ts";

const missing = whyNoBrowser();

describe("a newcomer", () => {
  let stage: Stage | undefined;
  afterEach(async () => {
    await stage?.closePages();
    await stage?.stop();
    stage = undefined;
  });
  afterAll(() => stage?.stop());

  testNeeding(missing)(
    "keeps the step open in which somebody is, also when it is done meanwhile by something else",
    async () => {
      stage = await setStage({ isNew: true });
      const { page } = await stage.open("/first-steps");
      await page.locator("#content").getByText("0 von 5 Schritten").waitFor();
      await page.getByLabel("Name Ihres Hauses").fill("Halb getippt");
      stage.double.world.settings = { ...stage.double.world.settings, name: "Systemhaus", mailFrom: "alarm@systemhaus.example" };
      await page.locator("#content").getByText("1 von 5 Schritten").waitFor();
      await shows(() => page.getByLabel("Name Ihres Hauses").inputValue(), "Halb getippt");
    },
    60_000,
  );

  for (const language of ["de", "en"] as const) {
    testNeeding(missing)(
      `gets from the sign-in to an alarm received and acknowledged and a policy changed, in ${language}`,
      async () => {
        stage = await setStage({ isNew: true });
        const { world } = stage.double;
        const { page, log } = await stage.open("/", { locale: language === "de" ? "de-DE" : "en-GB" });
        await page.context().clearCookies();
        await page.goto(stage.base);
        let deviceId = "";
        await signIn(page, language, doubleAccount);
        await takeFirstSteps(page, language, {
          house: "Systemhaus am Fluss",
          sender: "Hauswart <alarm@systemhaus.example>",
          customer: "Tischlerei am Park",
          site: "Werkstatt",
          recipient: "leitstelle@systemhaus.example",
          enrol: async (command) => {
            expect(command).toContain("hauswart-agent enrol");
            deviceId = enrolDevice(world, world.sites.find(({ name }) => name === "Werkstatt")!.siteId);
          },
          provoke: async () => {
            raiseAlarm(world, deviceId, {
              check: "services",
              code: "not-running",
              subject: "cron.service",
              severity: "failure",
              evidence: { state: "dead" },
            });
          },
        });
        expect(world.settings).toMatchObject({ name: "Systemhaus am Fluss", mailFrom: "Hauswart <alarm@systemhaus.example>" });
        expect(world.recipients.map(({ address }) => address)).toContain("leitstelle@systemhaus.example");
        await acknowledgeAlarm(page, language);
        const alarm = world.findings.find(({ finding }) => finding.subject === "cron.service")!.finding;
        expect(alarm.acknowledgement?.note).not.toBe("");
        await changePolicy(page, language);
        expect(world.policies.map(({ checks, assignments }) => [checks.map(({ settings }) => settings), assignments[0]?.scope])).toEqual([
          [[{ warningBelowPercent: 20 }], "provider"],
        ]);
        expect(log.errors.filter((error) => !error.includes("401"))).toEqual([]);
      },
      120_000,
    );
  }
});
