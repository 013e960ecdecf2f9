/** People as they meet the whole of Hauswart: the built console on the real server, in a real browser. */
import { openBrowser, type TestBrowser } from "@hauswart/testkit/browser.ts";
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { afterAll, beforeAll, describe } from "bun:test";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { buildConsole } from "../../../tools/build-console.ts";

const missing = whyNoBrowser();
const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, 120_000);
const newPassword = "vier zufaellige lange woerter";
let server: TestServer;
let browser: TestBrowser;
let base: string;

beforeAll(async () => {
  if (missing) return;
  const { dist } = await buildConsole();
  server = await testServer({ consoleDirectory: dist });
  browser = await openBrowser();
  // Browsers have no passkeys under an IP address.
  base = server.url.replace("127.0.0.1", "localhost");
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
}, 60_000);

async function open(path: string): Promise<Page> {
  const page = await browser.newPage({ locale: "de-DE", viewport: { width: 1280, height: 900 } });
  await page.goto(base + path);
  await page.locator("h1").first().waitFor();
  return page;
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel(/^Kennwort/).fill(password);
  await page.keyboard.press("Enter");
}

const overview = (page: Page) => page.getByRole("heading", { name: "Überblick" }).waitFor();

describe("a technician", () => {
  story("is invited, accepts, sets up a code app, and signs in with it", async () => {
    const owner = await open("/users");
    await signIn(owner, server.owner.email, server.owner.password);
    await owner.getByRole("button", { name: "Benutzer einladen" }).click();
    const invite = owner.getByRole("dialog", { name: "Benutzer einladen" });
    await invite.getByLabel("E-Mail-Adresse").fill("technik@systemhaus.example");
    await invite.getByLabel("Name").fill("Technik");
    await invite.getByRole("button", { name: "Einladung senden" }).click();
    // This server has no mail server, so the link is shown to be handed over.
    const link = await owner.getByRole("textbox", { name: "Einladung" }).innerText();
    await owner.getByRole("button", { name: "Fertig" }).click();
    await owner.getByRole("link", { name: "Technik" }).waitFor();

    const { hash, pathname } = new URL(link);
    const guest = await open(pathname + hash);
    await guest.getByLabel("Kennwort wählen").fill(newPassword);
    await guest.getByRole("button", { name: "Einladung annehmen" }).click();
    await guest.getByText("Ihr Konto ist eingerichtet.").waitFor();
    await signIn(guest, "technik@systemhaus.example", newPassword);
    await overview(guest);
    await guest.goto(`${base}/account`);
    await guest.getByRole("button", { name: "Code-App einrichten" }).click();
    const key = await guest.getByRole("textbox", { name: "Schlüssel" }).innerText();
    const app = new TOTP({ secret: Secret.fromBase32(key.replaceAll(" ", "")) });
    await guest.getByLabel("Code aus der App").fill(app.generate());
    await guest.getByRole("button", { name: "Einrichten", exact: true }).click();
    const codes = guest.getByRole("dialog", { name: "Ihre Wiederherstellungscodes" });
    const recoveryCode = await codes.getByRole("listitem").first().innerText();

    const again = await open("/sign-in");
    await signIn(again, "technik@systemhaus.example", newPassword);
    await again.getByRole("button", { name: "Wiederherstellungscode eingeben" }).click();
    await again.getByLabel("Wiederherstellungscode").fill(recoveryCode);
    await again.getByRole("button", { name: "Weiter" }).click();
    await overview(again);

    await owner.reload();
    await owner.getByRole("row").filter({ hasText: "technik@systemhaus.example" }).getByText("Code-App").waitFor();
  });
});

describe("an owner", () => {
  story("makes a passkey, is asked for a fresh proof, and signs in without a password", async () => {
    const page = await open("/account");
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page, server.owner.email, server.owner.password);
    await page.getByRole("button", { name: "Passkey hinzufügen" }).waitFor();
    await server.database.unwalled("the proof was long ago", (tx) =>
      tx.sql("update hauswart.session set proved_at = now() - interval '1 day'"),
    );
    await page.getByRole("button", { name: "Passkey hinzufügen" }).click();
    await page.getByRole("dialog", { name: "Passkey hinzufügen" }).getByRole("button", { name: "Weiter" }).click();
    const proof = page.getByRole("dialog", { name: "Bestätigen Sie, dass Sie es sind" });
    await proof.getByLabel("Ihr Kennwort").fill(server.owner.password);
    await page.keyboard.press("Enter");
    const codes = page.getByRole("dialog", { name: "Ihre Wiederherstellungscodes" });
    await codes.getByLabel("Ich habe die Codes aufbewahrt").check();
    await codes.getByRole("button", { name: "Fertig" }).click();

    await page.getByRole("button", { name: "Konto" }).click();
    await page.getByRole("menuitem", { name: "Abmelden" }).click();
    await page.getByRole("button", { name: "Mit Passkey anmelden" }).click();
    await overview(page);
    await page.getByRole("link", { name: "Benutzer", exact: true }).click();
    await page.getByRole("row").filter({ hasText: server.owner.email }).getByText("1 Passkey").waitFor();
  });
});
