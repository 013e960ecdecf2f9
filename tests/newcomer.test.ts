/**
 * The story of a newcomer, told by the whole system: `npm start -- --network` in a checkout, a real browser, a real mail server, this computer as
 * first device and a real Linux computer with a network of its own as second. In the console only visible texts are followed.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { hostname } from "node:os";
import { openBrowser, type TestBrowser } from "@hauswart/testkit/browser.ts";
import { startMailServer, type MailServer, type ReceivedMail } from "@hauswart/testkit/mail-server.ts";
import { makeLoopVolume } from "@hauswart/testkit/loop-volume.ts";
import { testNeeding, whyNoBrowser, whyNoLoopVolume, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { baseImage } from "@hauswart/testkit/nspawn-image.ts";
import { makeSiteNetwork, makeSitePlace, type SiteNetwork } from "@hauswart/testkit/nspawn.ts";
import type { Page } from "playwright-core";
import { acknowledgeAlarm, changePolicy, signIn, takeFirstSteps } from "../packages/console/tests/newcomer-steps.ts";
import { bootNewcomer, commandPackages } from "./support/pasted-command.ts";
import { startInNetwork, startWholeHauswart, type WholeHauswart } from "./whole-hauswart.ts";

const missing = whyNoBrowser();
const testInBrowser = testNeeding(missing);
/** Other news of the same site, such as this computer's own disk running full, put a mail off for up to 4 minutes (mail/compose). */
const mailWithinMs = 300_000;
const password = "ein-langes-kennwort-fuer-den-test";
const owner = "chef@example.com";

const subject = ({ message }: ReceivedMail) => message.subject ?? "";
/** Mails whose subject names all of these. */
const about =
  (...words: string[]) =>
  (mail: ReceivedMail) =>
    words.every((word) => subject(mail).includes(word));

/** A recovery may travel with other news of its site: what matters is that the mail says so of this. */
const saysRecovered = (mail: ReceivedMail, what: string) => /behoben/i.test(subject(mail)) && (mail.message.text ?? "").includes(what);

/** Another tab, in which somebody looks until both computers are measured. */
async function measuredOn(page: Page, url: string): Promise<AsyncDisposable & { waitFor(): Promise<void> }> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  return {
    waitFor: () => tab.getByText("2 von 2 Geräten gemessen").waitFor({ timeout: 90_000 }),
    [Symbol.asyncDispose]: () => tab.close(),
  };
}

describe("a newcomer", () => {
  let mails: MailServer;
  let network: SiteNetwork | undefined;
  let hauswart: WholeHauswart;
  let place: Awaited<ReturnType<typeof makeSitePlace>> | undefined;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    if (missing) return;
    // Its disk is made before anybody waits for the computer: others may have images made at the same time, one after the other.
    if (whyNoMachine() === undefined) {
      await baseImage(commandPackages);
      network = await makeSiteNetwork();
    }
    mails = await startMailServer();
    const settings = { HAUSWART_SMTP_URL: mails.url, HAUSWART_ADMIN_EMAIL: owner, HAUSWART_ADMIN_PASSWORD: password };
    hauswart = await (network ? startInNetwork(network.hostAddress, settings) : startWholeHauswart(settings));
    place = network && (await makeSitePlace(network));
    browser = await openBrowser(place);
    // The server's authority is its own: a newcomer goes on where the browser warns.
    page = await browser.newPage({ locale: "de-DE", viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: network !== undefined });
    // The computers here may be busy with something else; what is waited for comes or the test's own limit ends it.
    page.setDefaultTimeout(90_000);
  }, 1_200_000);

  afterAll(async () => {
    await browser?.close();
    await hauswart?.stop();
    await mails?.stop();
    await place?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  }, 60_000);

  const openDevice = async (name: string) => {
    await page.getByRole("link", { name: "Geräte", exact: true }).click();
    await page.getByRole("link", { name, exact: true }).first().click();
    await page.getByRole("heading", { name }).first().waitFor();
  };
  const measureNow = () => page.getByRole("button", { name: "Jetzt messen" }).click();

  testInBrowser(
    "MON-2 MON-6: signs in and finds this computer with true values",
    async () => {
      await page.goto(hauswart.url);
      await signIn(page, "de", { email: owner, password });
      await page.getByText("1 von 1 Geräten gemessen").waitFor();
      await openDevice(hostname());
      for (const check of ["Speicherplatz", "Arbeitsspeicher", "Prozessorlast"])
        await page.getByText(check, { exact: true }).first().waitFor();
      await page
        .getByText(/\d+ % frei/)
        .first()
        .waitFor();
    },
    300_000,
  );

  testNeeding(missing ?? whyNoLoopVolume())(
    "MON-2 ALM-1: a volume fills up, the alarm mail comes, and the recovery mail when there is room again",
    async () => {
      await using volume = await makeLoopVolume();
      await openDevice(hostname());
      await volume.fill();
      await measureNow();
      const alarm = await mails.waitForMail(about(volume.mountPoint, hostname()), mailWithinMs);
      expect(alarm.message.text).toContain(hostname());
      expect(alarm.message.text).toContain(`${hauswart.url}/findings/`);
      expect(alarm.message.html).toContain(volume.mountPoint);
      await volume.free();
      await measureNow();
      const recovery = await mails.waitForMail((mail) => mail !== alarm && saysRecovered(mail, volume.mountPoint), mailWithinMs);
      expect(recovery.message.references).toContain(alarm.message.messageId ?? "no message id");
    },
    700_000,
  );

  testNeeding(missing ?? whyNoMachine())(
    "MON-1 ALM-1: the first steps lead to a second computer at the first customer; a stopped service alarms at once, is acknowledged, and recovers",
    async () => {
      await using machine = await bootNewcomer(network!);
      await page.getByRole("link", { name: "Überblick", exact: true }).click();
      await takeFirstSteps(page, "de", {
        house: "Systemhaus am Fluss",
        sender: "Hauswart <alarm@systemhaus.example>",
        customer: "Tischlerei am Park",
        site: "Werkstatt",
        recipient: owner,
        enrol: async (command) => void (await machine.mustRun(["bash", "-c", command], { timeoutMs: 120_000 })),
        provoke: async () => {
          await using looking = await measuredOn(page, hauswart.url);
          await looking.waitFor();
          await machine.mustRun(["systemctl", "stop", "cron.service"]);
        },
      });
      await mails.waitForMail(about("Testnachricht", "Systemhaus am Fluss"), 10_000);
      const alarm = await mails.waitForMail(about("cron.service", "pc-empfang"), mailWithinMs);
      expect(alarm.message.text).toContain("pc-empfang");
      expect(alarm.message.from?.address).toBe("alarm@systemhaus.example");
      await acknowledgeAlarm(page, "de");
      await changePolicy(page, "de");

      await machine.mustRun(["systemctl", "start", "cron.service"]);
      const recovery = await mails.waitForMail((mail) => mail !== alarm && saysRecovered(mail, "cron.service"), mailWithinMs);
      expect(recovery.message.references).toContain(alarm.message.messageId ?? "no message id");
      await page.getByRole("link", { name: "Befunde", exact: true }).click();
      await page.getByText(/cron\.service/).waitFor({ state: "detached", timeout: 60_000 });
    },
    1_000_000,
  );
});
