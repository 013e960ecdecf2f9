/**
 * What a newcomer does, told by nothing but the words on the screen, in both languages: from the sign-in over the first steps to
 * an alarm that is received and acknowledged, and a policy that is changed. Whoever plays computer and mail server is told by the
 * caller: a double in the console's own tests, a real one in the story of the whole system.
 */
import type { Locator, Page } from "playwright-core";

export interface Newcomer {
  readonly house: string;
  readonly sender: string;
  readonly customer: string;
  readonly site: string;
  readonly recipient: string;
  /** Runs the shown command on a computer. */
  readonly enrol: (command: string) => Promise<void>;
  /** Makes something harmless go wrong on that computer. */
  readonly provoke: () => Promise<void>;
}

/** The words, as they stand on the screen. */
const words = {
  de: {
    email: "E-Mail-Adresse",
    password: /^Kennwort/,
    signIn: "Anmelden",
    openSteps: "Erste Schritte öffnen",
    houseName: "Name Ihres Hauses",
    sender: "Absender",
    saveHouse: "Speichern und weiter",
    customerName: "Name des Kunden",
    siteName: "Name des Standorts",
    saveCustomer: "Anlegen und weiter",
    recipientStep: /^Empfänger eintragen/,
    sendTest: "Eintragen und Testmail senden",
    testTaken: "Der Mailserver hat die Mail angenommen.",
    answer: "Antwort des Mailservers",
    onward: "Weiter",
    makeCommand: "Befehl erzeugen",
    command: "Auf dem Computer ausführen",
    arrived: /ist da\.$/,
    done: "Fertig",
    found: "Der Befund ist da.",
    isSetUp: "Hauswart ist eingerichtet",
    openFinding: "Befund öffnen",
    meaning: "Was es bedeutet",
    acknowledge: "Bestätigen",
    note: "Notiz",
    acknowledged: "1 Befund bestätigt",
    known: "Ist bekannt, kommt gleich wieder.",
    overview: "Überblick",
    firstSteps: /^Erste Schritte/,
    policies: "Richtlinien",
    addPolicy: "Richtlinie anlegen",
    policyName: "Name",
    ours: "Unser Maß",
    assign: "Hinzufügen",
    diskSpace: /^Speicherplatz/,
    takeIn: "Aufnehmen",
    setHere: "Warnung unter (%) hier setzen",
    limit: "Warnung unter (%)",
    save: "Speichern",
    saved: "Gespeichert. Die Richtlinie gilt ab jetzt.",
  },
  en: {
    email: "E-mail address",
    password: /^Password/,
    signIn: "Sign in",
    openSteps: "Open the first steps",
    houseName: "Name of your house",
    sender: "Sender",
    saveHouse: "Save and continue",
    customerName: "Name of the customer",
    siteName: "Name of the site",
    saveCustomer: "Add and continue",
    recipientStep: /^Add a recipient/,
    sendTest: "Add and send a test mail",
    testTaken: "The mail server has taken the mail.",
    answer: "Answer of the mail server",
    onward: "Continue",
    makeCommand: "Make the command",
    command: "Run on the computer",
    arrived: /is here\.$/,
    done: "Done",
    found: "The finding is there.",
    isSetUp: "Hauswart is set up",
    openFinding: "Open the finding",
    meaning: "What it means",
    acknowledge: "Acknowledge",
    note: "Note",
    acknowledged: "1 finding acknowledged",
    known: "Known, it comes back in a moment.",
    overview: "Overview",
    firstSteps: /^First steps/,
    policies: "Policies",
    addPolicy: "Add a policy",
    policyName: "Name",
    ours: "Our measure",
    assign: "Add",
    diskSpace: /^Disk space/,
    takeIn: "Take in",
    setHere: "Set here: Warning below (%)",
    limit: "Warning below (%)",
    save: "Save",
    saved: "Saved. The policy holds from now on.",
  },
} as const;

export type NewcomerLanguage = keyof typeof words;

/** The way in, from the page that asks for it. */
export async function signIn(page: Page, language: NewcomerLanguage, account: { email: string; password: string }): Promise<void> {
  const say = words[language];
  await page.getByLabel(say.email).fill(account.email);
  await page.getByLabel(say.password).fill(account.password);
  await page.getByRole("button", { name: say.signIn, exact: true }).click();
  await page.getByRole("heading", { name: say.overview }).waitFor();
}

/** From the overview through the five steps, until the first alarm mail has left. */
export async function takeFirstSteps(page: Page, language: NewcomerLanguage, newcomer: Newcomer): Promise<void> {
  const say = words[language];
  await page.getByRole("link", { name: say.openSteps }).click();

  await page.getByLabel(say.houseName).fill(newcomer.house);
  await page.getByLabel(say.sender).fill(newcomer.sender);
  await page.getByRole("button", { name: say.saveHouse }).click();

  await page.getByLabel(say.customerName).fill(newcomer.customer);
  await page.getByLabel(say.siteName).fill(newcomer.site);
  await page.getByRole("button", { name: say.saveCustomer }).click();

  await page.getByLabel(say.customerName).waitFor({ state: "detached" });
  const address = page.getByRole("textbox", { name: say.email });
  await enterStep(page.getByRole("button", { name: say.recipientStep }), address);
  await address.fill(newcomer.recipient);
  await page.getByRole("button", { name: say.sendTest, exact: true }).click();
  await page.getByText(say.testTaken).waitFor();
  await page.getByText(say.answer, { exact: true }).waitFor();
  await page.getByRole("button", { name: say.onward, exact: true }).click();

  await page.getByRole("button", { name: say.makeCommand }).click();
  await newcomer.enrol(await page.getByRole("textbox", { name: say.command }).innerText());
  await page.getByText(say.arrived).waitFor();
  await page.getByRole("button", { name: say.done, exact: true }).click();

  await newcomer.provoke();
  await page.getByText(say.found).waitFor();
  await page.getByText(say.isSetUp).waitFor();
}

/**
 * Where somebody is told already and a mail has left, the step is done and has to be opened; and a mail may leave at any moment, for
 * one about this very computer, and close the step before somebody is in it.
 */
async function enterStep(head: Locator, field: Locator): Promise<void> {
  const isIn = () =>
    field.focus({ timeout: 1_000 }).then(
      () => true,
      () => false,
    );
  while (!(await isIn())) if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
}

/** From the last step to the finding, and takes it on. */
export async function acknowledgeAlarm(page: Page, language: NewcomerLanguage): Promise<void> {
  const say = words[language];
  await page.getByRole("link", { name: say.openFinding }).click();
  await page.getByText(say.meaning).waitFor();
  await page.getByRole("button", { name: say.acknowledge, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say.note, { exact: true }).fill(say.known);
  await dialog.getByRole("button", { name: say.acknowledge, exact: true }).click();
  await page.getByText(say.acknowledged, { exact: true }).waitFor();
  await page.getByRole("link", { name: say.overview, exact: true }).click();
  // What is done needs no guide any more.
  await page.getByRole("link", { name: say.firstSteps }).waitFor({ state: "detached" });
}

/** Makes a policy for all devices and warns earlier of a filling disk. */
export async function changePolicy(page: Page, language: NewcomerLanguage): Promise<void> {
  const say = words[language];
  await page.getByRole("link", { name: say.policies, exact: true }).click();
  await page.getByRole("button", { name: say.addPolicy }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say.policyName).first().fill(say.ours);
  await dialog.getByRole("button", { name: say.addPolicy }).click();
  await page.getByRole("button", { name: say.assign, exact: true }).click();
  await page.getByRole("button", { name: say.diskSpace }).click();
  await page.getByRole("button", { name: say.takeIn, exact: true }).click();
  await page.getByRole("button", { name: say.setHere, exact: true }).click();
  await page.getByRole("textbox", { name: say.limit }).fill("20");
  await page.getByRole("button", { name: say.save, exact: true }).click();
  await page.getByText(say.saved).waitFor();
}
