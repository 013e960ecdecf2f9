/** How people come in, prove that it is them, and give each other rights. Told from outside. */
import { whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { beforeEach, describe, expect } from "bun:test";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { doubleAccount, doubleBreakGlassCode, doubleTechnician, makePeople, type Person } from "../dev/people.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

beforeEach(() => {
  if (whyNoBrowser()) return;
  // Each story begins with the same people.
  const { world } = stage.double;
  Object.assign(
    world.people,
    makePeople(
      world.nowMs(),
      world.customers.map(({ customerId }) => customerId),
    ),
  );
});

const people = () => stage.double.world.people;
const personOf = (email: string): Person => people().persons.find(({ account }) => account.email === email)!;
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret.replaceAll(" ", "")) }).generate();

/** The reader's last proof was too long ago. */
const forgetProof = () => {
  for (const session of people().sessions) session.provedUntilMs = 0;
};

/** A page of somebody who is not signed in. */
async function stranger(path: string): Promise<Page> {
  const { page } = await stage.open("/sign-in/forgot");
  await page.context().clearCookies();
  await page.goto(stage.base + path);
  await page.locator("h1").first().waitFor();
  return page;
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel(/^Kennwort/).fill(password);
  await page.keyboard.press("Enter");
}

const overview = (page: Page) => page.getByRole("heading", { name: "Überblick" }).waitFor();

describe("an invitation", () => {
  story("leads from the list of users to a new account, and to its code app", async () => {
    const { page } = await stage.open("/users");
    await page.getByRole("button", { name: "Benutzer einladen" }).click();
    const dialog = page.getByRole("dialog", { name: "Benutzer einladen" });
    await dialog.getByLabel("E-Mail-Adresse").fill("ost@hauswart.example");
    await dialog.getByLabel("Name", { exact: false }).first().fill("Technik Ost");
    await dialog.getByText("Nur diese", { exact: true }).click();
    await shows(() => dialog.getByRole("button", { name: "Einladung senden" }).isDisabled(), true);
    await dialog.getByRole("combobox", { name: "Nur diese" }).click();
    await page.getByRole("option", { name: "Muster GmbH" }).click();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Einladung senden" }).click();
    await page.getByText("Die Einladung an ost@hauswart.example ist unterwegs.").waitFor();
    await page.getByRole("link", { name: "Technik Ost" }).waitFor();

    const { token, invitation } = people().invitations[0]!;
    expect(invitation.reach).toEqual({ mode: "include", customerIds: [stage.double.world.customers[0]!.customerId] });
    const guest = await stranger(`/invitation#token=${token}`);
    await guest.getByText("hat Sie als Techniker eingeladen").waitFor();
    // The token stays in no history and in no picture of the screen.
    expect(guest.url()).not.toContain(token);
    await guest.getByLabel("Kennwort wählen").fill("kurz");
    await shows(() => guest.getByRole("button", { name: "Einladung annehmen" }).isDisabled(), true);
    await guest.getByLabel("Kennwort wählen").fill("vier zufaellige woerter");
    await guest.getByRole("button", { name: "Einladung annehmen" }).click();
    await guest.getByText("Ihr Konto ist eingerichtet.").waitFor();
    await signIn(guest, "ost@hauswart.example", "vier zufaellige woerter");
    await overview(guest);
    // A technician sees no users, in the rail or elsewhere.
    await shows(() => guest.getByRole("link", { name: "Benutzer", exact: true }).count(), 0);

    await guest.getByRole("button", { name: "Konto" }).click();
    await guest.getByRole("menuitem", { name: "Mein Konto" }).click();
    await guest.getByRole("button", { name: "Code-App einrichten" }).click();
    const totp = guest.getByRole("dialog", { name: "Code-App einrichten" });
    await totp.getByRole("img", { name: /QR-Code/ }).waitFor();
    const secret = await totp.getByRole("textbox", { name: "Schlüssel" }).innerText();
    await totp.getByLabel("Code aus der App").fill("000000");
    await totp.getByRole("button", { name: "Einrichten" }).click();
    await totp.getByText("PROOF_REFUSED").waitFor();
    await totp.getByLabel("Code aus der App").fill(codeOf(secret));
    await totp.getByRole("button", { name: "Einrichten" }).click();
    const codes = guest.getByRole("dialog", { name: "Ihre Wiederherstellungscodes" });
    await codes.getByRole("listitem").first().waitFor();
    await shows(() => codes.getByRole("listitem").count(), 10);
    const [firstCode] = await codes.getByRole("listitem").allInnerTexts();
    await codes.getByLabel("Ich habe die Codes aufbewahrt").check();
    await codes.getByRole("button", { name: "Fertig" }).click();
    await guest.getByText("10 Codes übrig").waitFor();

    const again = await stranger("/sign-in");
    await signIn(again, "ost@hauswart.example", "vier zufaellige woerter");
    await again.getByLabel("Code aus der App").fill(codeOf(secret));
    await overview(again);
    const third = await stranger("/sign-in");
    await signIn(third, "ost@hauswart.example", "vier zufaellige woerter");
    await third.getByRole("button", { name: "Wiederherstellungscode eingeben" }).click();
    await third.getByLabel("Wiederherstellungscode").fill(firstCode!);
    await third.getByRole("button", { name: "Weiter" }).click();
    await overview(third);
  });

  story("that was revoked opens nothing; without a mail server the link is handed over", async () => {
    const { token } = people().invitations[0]!;
    const { page } = await stage.open("/users");
    await page.getByRole("link", { name: "Technik West" }).click();
    stage.double.world.hasMailServer = false;
    await page.getByRole("button", { name: "Erneut senden" }).click();
    const dialog = page.getByRole("dialog", { name: "Link für neu@hauswart.example" });
    const link = await dialog.getByRole("textbox", { name: "Einladung" }).innerText();
    stage.double.world.hasMailServer = true;
    expect(link).toContain(people().invitations[0]!.token);
    await dialog.getByRole("button", { name: "Fertig" }).click();
    const old = await stranger(`/invitation#token=${token}`);
    await old.getByRole("alert").getByText("Link").waitFor();
    await page.getByRole("button", { name: "Zurückziehen" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Zurückziehen" }).click();
    await page.getByText("Die Einladung ist zurückgezogen.").waitFor();
    const late = await stranger(link.slice(stage.base.length));
    await shows(() => late.getByRole("button", { name: "Einladung annehmen" }).count(), 0);
  });
});

describe("one's own e-mail address", () => {
  const change = async (page: Page, email: string) => {
    await page.getByRole("button", { name: "E-Mail-Adresse ändern" }).click();
    await page.getByLabel("Neue E-Mail-Adresse").fill(email);
    await page.getByRole("button", { name: "Link senden" }).click();
  };

  story("changes after a proof and the link from the new one; the session stays", async () => {
    const { page } = await stage.open("/account");
    forgetProof();
    await change(page, "leitung@hauswart.example");
    const proof = page.getByRole("dialog", { name: "Bestätigen Sie, dass Sie es sind" });
    await proof.getByLabel("Ihr Kennwort").fill(doubleAccount.password);
    await page.keyboard.press("Enter");
    await page.getByText(/leitung@hauswart.example wartet auf Bestätigung/).waitFor();
    expect(personOf(doubleAccount.email)).toBeDefined();
    const { confirm } = people().emailChange!;
    const mailbox = await stranger(`/email-change#token=${confirm}`);
    expect([mailbox.url().includes(confirm), personOf("leitung@hauswart.example")]).toEqual([false, undefined as never]);
    await mailbox.getByRole("button", { name: "Adresse bestätigen" }).click();
    await mailbox.getByText("Ihr Konto hat jetzt die Adresse leitung@hauswart.example.").waitFor();
    await page.reload();
    await page.getByText("leitung@hauswart.example").first().waitFor();
    const later = await stranger(`/email-change#token=${confirm}`);
    await later.getByRole("button", { name: "Adresse bestätigen" }).click();
    await later.getByRole("alert").getByText("Dieser Link gilt nicht mehr").waitFor();
  });

  story("comes back when the old one objects, and everybody is signed out", async () => {
    const { page } = await stage.open("/account");
    await change(page, "fremd@hauswart.example");
    await page.getByText(/fremd@hauswart.example wartet auf Bestätigung/).waitFor();
    const { object } = people().emailChange!;
    const mailbox = await stranger(`/email-objection#token=${object}`);
    await mailbox.getByRole("button", { name: "Widersprechen" }).click();
    await mailbox.getByText(/Alle Anmeldungen sind beendet/).waitFor();
    await mailbox.getByRole("link", { name: "Neues Kennwort anfordern" }).waitFor();
    await page.reload();
    await page.getByLabel(/^Kennwort/).waitFor();
  });

  story("is taken back by whoever asked, and says what is missing without a mail server", async () => {
    const { page } = await stage.open("/account");
    await change(page, "leitung@hauswart.example");
    await page.getByRole("button", { name: "Zurücknehmen" }).click();
    await page.getByText("Zurückgenommen.").waitFor();
    expect(people().emailChange).toBeNull();
    stage.double.world.hasMailServer = false;
    await change(page, "leitung@hauswart.example");
    await page.getByText(/hat noch keinen Mailserver/).waitFor();
    stage.double.world.hasMailServer = true;
  });
});

describe("a password", () => {
  story("that was forgotten is set anew with the link from the mail", async () => {
    const page = await stranger("/sign-in");
    await page.getByRole("link", { name: "Kennwort vergessen?" }).click();
    await page.getByLabel("E-Mail-Adresse").fill(doubleAccount.email);
    await page.getByRole("button", { name: "Mail anfordern" }).click();
    await page.getByText(/Wenn es für owner@hauswart.example ein Konto gibt/).waitFor();
    const [token] = [...people().resets.keys()];
    await page.goto(`${stage.base}/password-reset#token=${token}`);
    await page.getByLabel("Neues Kennwort").fill("ein anderes langes Kennwort");
    expect(page.url()).not.toContain(token!);
    await page.getByRole("button", { name: "Kennwort speichern" }).click();
    await page.getByText("Das neue Kennwort gilt. Melden Sie sich damit an.").waitFor();
    await signIn(page, doubleAccount.email, "ein anderes langes Kennwort");
    await overview(page);
  });

  story("is changed in one's own account, and other sessions end", async () => {
    const { page } = await stage.open("/account");
    await page.getByLabel("Bisheriges Kennwort").fill("falsch");
    await page.getByLabel("Neues Kennwort").fill("ein anderes langes Kennwort");
    await page.getByRole("button", { name: "Kennwort ändern" }).click();
    await page.getByText("WRONG_PASSWORD").waitFor();
    await page.getByLabel("Bisheriges Kennwort").fill(doubleAccount.password);
    await page.getByRole("button", { name: "Kennwort ändern" }).click();
    await page.getByText("Das neue Kennwort gilt. Andere Sitzungen wurden beendet.").waitFor();
    expect(personOf(doubleAccount.email).password).toBe("ein anderes langes Kennwort");
  });
});

describe("a passkey", () => {
  story("is made, signs in alone, is renamed and taken away", async () => {
    const { page } = await stage.open("/account");
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
    forgetProof();
    await page.getByRole("button", { name: "Passkey hinzufügen" }).click();
    const dialog = page.getByRole("dialog", { name: "Passkey hinzufügen" });
    await dialog.getByLabel("Name").fill("Notebook");
    await dialog.getByRole("button", { name: "Weiter" }).click();
    const proof = page.getByRole("dialog", { name: "Bestätigen Sie, dass Sie es sind" });
    await proof.getByLabel("Ihr Kennwort").fill(doubleAccount.password);
    await proof.getByRole("button", { name: "Weiter" }).click();
    const codes = page.getByRole("dialog", { name: "Ihre Wiederherstellungscodes" });
    await codes.getByLabel("Ich habe die Codes aufbewahrt").check();
    await codes.getByRole("button", { name: "Fertig" }).click();
    await page.getByRole("table", { name: "Passkeys" }).getByText("Notebook").waitFor();

    await page.context().clearCookies();
    await page.goto(`${stage.base}/sign-in`);
    await page.getByRole("button", { name: "Mit Passkey anmelden" }).click();
    await overview(page);
    expect(personOf(doubleAccount.email).factors.passkeys[0]?.passkey.lastUsedAt).not.toBeNull();

    // As the second step too, because the password alone is no longer enough.
    await page.context().clearCookies();
    await page.goto(`${stage.base}/sign-in`);
    await signIn(page, doubleAccount.email, doubleAccount.password);
    await page.getByRole("button", { name: "Passkey verwenden" }).click();
    await overview(page);

    await page.goto(`${stage.base}/account`);
    await page.getByRole("button", { name: "Notebook umbenennen" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Altes Notebook");
    await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("button", { name: "Altes Notebook entfernen" }).click();
    await page.getByText("Das ist Ihr letzter zweiter Faktor.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Entfernen" }).click();
    await page.getByText("Der Passkey ist entfernt.").waitFor();
    expect(personOf(doubleAccount.email).factors.passkeys).toEqual([]);
  });
});

describe("a fresh proof", () => {
  story("is asked for once; who declines it changes nothing", async () => {
    const { page } = await stage.open("/account");
    forgetProof();
    await page.getByRole("button", { name: "Code-App einrichten" }).click();
    const proof = page.getByRole("dialog", { name: "Bestätigen Sie, dass Sie es sind" });
    await proof.getByLabel("Ihr Kennwort").fill("falsch");
    await proof.getByRole("button", { name: "Weiter" }).click();
    await proof.getByText("Das Kennwort stimmt nicht.").waitFor();
    await page.keyboard.press("Escape");
    await proof.waitFor({ state: "detached" });
    const totp = page.getByRole("dialog", { name: "Code-App einrichten" });
    await totp.getByText("STEP_UP_REQUIRED").waitFor();
    expect(personOf(doubleAccount.email).factors.totp).toBeNull();
    await totp.getByRole("button", { name: "Erneut versuchen" }).click();
    await proof.getByLabel("Ihr Kennwort").fill(doubleAccount.password);
    await page.keyboard.press("Enter");
    await totp.getByRole("img", { name: /QR-Code/ }).waitFor();
    await shows(() => proof.count(), 0);
  });
});

describe("rights", () => {
  story("who sees all customers because an identity provider made the account is marked until somebody has looked at it", async () => {
    const { page } = await stage.open("/users");
    const row = page.getByRole("row").filter({ hasText: "Ausbildung" });
    await row.getByTitle(/^Alle Kunden, weil Entra ID dieses Konto angelegt hat/).waitFor();
    await row.getByRole("link", { name: "Ausbildung" }).click();
    const note = page.getByText(/^Alle Kunden, weil Entra ID dieses Konto angelegt hat; niemand im Haus/);
    await note.waitFor();
    await page.getByRole("button", { name: "Alle Kunden lassen" }).click();
    await page.getByText("Ausbildung sieht weiterhin alle Kunden.").waitFor();
    await note.waitFor({ state: "detached" });
    expect(personOf("ausbildung@hauswart.example").account.reach.mode).toBe("all");
  });

  story("a user is changed, disabled and deleted, each with its consequences", async () => {
    const { page } = await stage.open("/users");
    await page.getByRole("link", { name: "Technik Nord" }).click();
    await page.getByRole("button", { name: "Ändern", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Technik Nord ändern" });
    await dialog.getByLabel("Administrator").check();
    await dialog.getByText("Inhaber und Administratoren arbeiten für alle Kunden.").waitFor();
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Rechte gelten ab jetzt.").waitFor();
    expect(personOf(doubleTechnician.email).account).toMatchObject({ role: "administrator", reach: { mode: "all" } });
    await page.getByRole("button", { name: "Sperren", exact: true }).click();
    await page.getByText("1 Sitzung endet sofort.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Sperren" }).click();
    await page.getByText("Technik Nord ist gesperrt.").waitFor();
    expect(people().sessions.some(({ session }) => session.accountId === personOf(doubleTechnician.email).account.accountId)).toBe(false);
    await page.getByRole("button", { name: "Sperre aufheben" }).click();
    await page.getByText("Technik Nord kann sich wieder anmelden.").waitFor();
    await page.getByRole("button", { name: "Löschen", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Löschen" }).click();
    await page.getByText("Technik Nord ist gelöscht.").waitFor();
    expect(people().persons.some(({ account }) => account.email === doubleTechnician.email)).toBe(false);
  });

  story("one's own account and rights one has not are explained instead of offered", async () => {
    const { page } = await stage.open("/users");
    await page.getByRole("link", { name: "Leitstelle (Sie)" }).click();
    await page.getByText("Ihr eigenes Konto ändern Sie unter").waitFor();
    const technician = await stranger("/sign-in?next=/users");
    await signIn(technician, doubleTechnician.email, doubleTechnician.password);
    await technician.getByLabel("Code aus der App").fill(codeOf(doubleTechnician.totpSecret));
    await technician.getByText("Benutzer sehen nur Inhaber und Administratoren.").waitFor();
  });

  story("sessions are seen and ended", async () => {
    const { page } = await stage.open("/account");
    const table = page.getByRole("table", { name: "Sitzungen" });
    await table.getByText("diese hier").waitFor();
    await table.getByRole("button", { name: "Safari auf iPhone beenden" }).click();
    await page.getByText("Die Sitzung ist beendet.").waitFor();
    await page.getByRole("button", { name: "Alle anderen beenden" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Alle anderen beenden" }).click();
    await page.getByText("Alle anderen Sitzungen sind beendet.").waitFor();
    await shows(() => table.locator("tbody tr").count(), 1);
  });
});

describe("other ways in", () => {
  story("the house's own directory signs in and leads to the page that was asked for", async () => {
    const page = await stranger("/devices?state=failure");
    await page.getByRole("button", { name: "Mit Verzeichnis des Systemhauses anmelden" }).click();
    await page.getByRole("heading", { name: "Geräte" }).waitFor();
    expect(new URL(page.url()).search).toBe("?state=failure");
    await page.goto(`${stage.base}/sign-in/oidc?code=stolen&state=other`);
    await page.getByText("Die Anmeldung über den anderen Dienst hat nicht geklappt.").waitFor();
    expect(page.url()).not.toContain("stolen");
  });

  story("a directory is entered in the settings, offered at the sign-in, and taken away again", async () => {
    const { page } = await stage.open("/settings");
    await page.getByRole("button", { name: "Anmeldedienst eintragen" }).click();
    const dialog = page.getByRole("dialog", { name: "Anmeldedienst eintragen" });
    await shows(() => dialog.getByRole("textbox", { name: "Beim Anmeldedienst einzutragen" }).innerText(), `${stage.base}/sign-in/oidc`);
    await dialog.getByLabel("Name").fill("Zweites Verzeichnis");
    await dialog.getByLabel("Adresse").fill("https://konten.systemhaus.example");
    await dialog.getByLabel("Client-ID").fill("hauswart");
    await dialog.getByLabel(/^Client-Geheimnis/).fill("geheim");
    forgetProof();
    await dialog.getByRole("button", { name: "Speichern" }).click();
    const proof = page.getByRole("dialog", { name: "Bestätigen Sie, dass Sie es sind" });
    await proof.getByLabel("Ihr Kennwort").fill(doubleAccount.password);
    await page.keyboard.press("Enter");
    await page.getByText("Der Anmeldedienst ist gespeichert.").waitFor();
    expect(JSON.stringify(people().issuers)).not.toContain("geheim");
    const guest = await stranger("/sign-in");
    await guest.getByRole("button", { name: "Mit Zweites Verzeichnis anmelden" }).waitFor();
    await page.getByRole("button", { name: "Zweites Verzeichnis entfernen" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Entfernen" }).click();
    await page.getByText("Der Anmeldedienst ist entfernt.").waitFor();
    expect(people().issuers.map(({ name }) => name)).not.toContain("Zweites Verzeichnis");
  });

  story("an owner comes in with the code that the server's own computer printed, and sets a forgotten password anew", async () => {
    const page = await stranger("/sign-in/break-glass");
    await page.getByLabel("E-Mail-Adresse").fill(doubleAccount.email);
    await page.getByLabel("Code").fill(doubleBreakGlassCode);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("heading", { name: "Mein Konto" }).waitFor();
    await page.getByText("setzen Sie ein neues Kennwort ohne das bisherige").waitFor();
    await shows(() => page.getByLabel("Bisheriges Kennwort").count(), 0);
    await page.getByLabel("Neues Kennwort").fill("nach dem Vergessen gesetzt");
    await page.getByRole("button", { name: "Kennwort ändern" }).click();
    await page.getByText("Das neue Kennwort gilt. Andere Sitzungen wurden beendet.").waitFor();
    expect(personOf(doubleAccount.email).password).toBe("nach dem Vergessen gesetzt");
  });
});
