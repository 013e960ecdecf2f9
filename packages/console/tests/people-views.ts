/** Views of people: the way in, users and rights, one's own account. */
import type { Page } from "playwright-core";
import { doubleTechnician, openSession, type DoubleSession } from "../dev/people.ts";
import type { Double } from "../dev/double.ts";
import type { View } from "./views.ts";

const sessionOf = ({ world }: Double): DoubleSession | undefined => world.people.sessions.find(({ key }) => key === openSession);
/** Says whether the reader's last proof is fresh. */
function setProven(double: Double, isProven: boolean): void {
  const session = sessionOf(double);
  if (session) session.provedUntilMs = isProven ? Number.MAX_SAFE_INTEGER : 0;
}

const user = ({ world }: Double, email: string) => world.people.persons.find(({ account }) => account.email === email)!.account.accountId;
const invitation = ({ world }: Double) => world.people.invitations[0]!;
const press = (page: Page, name: RegExp) => page.getByRole("button", { name }).first().click();

async function askSecondFactor(page: Page): Promise<void> {
  await page.getByLabel(/^(E-Mail|E-mail)/).fill(doubleTechnician.email);
  await page.getByLabel(/^(Kennwort|Password)/).fill(doubleTechnician.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^(Zweiter Faktor|Second factor)$/ }).waitFor();
}

export const peopleViews: readonly View[] = [
  { name: "second-step", path: () => "/sign-in", isPublic: true, act: askSecondFactor },
  { name: "forgot", path: () => "/sign-in/forgot" },
  { name: "break-glass", path: () => "/sign-in/break-glass" },
  { name: "oidc-lost", path: () => "/sign-in/oidc" },
  { name: "invitation", path: (double) => `/invitation#token=${invitation(double).token}` },
  { name: "invitation-again", path: () => "/invitation" },
  { name: "invitation-ended", path: () => "/invitation#token=unknown" },
  { name: "password-reset", path: () => "/password-reset#token=any" },
  { name: "email-change", path: () => "/email-change#token=any" },
  { name: "email-objection", path: () => "/email-objection#token=any" },
  {
    name: "account-email",
    path: (double) => {
      setProven(double, true);
      return "/account";
    },
    act: (page) => press(page, /^(E-Mail-Adresse ändern|Change e-mail address)$/),
  },
  { name: "users", path: () => "/users" },
  { name: "user", path: (double) => `/users?user=${user(double, doubleTechnician.email)}` },
  { name: "user-invited", path: (double) => `/users?user=${invitation(double).invitation.invitationId}` },
  { name: "user-own", path: (double) => `/users?user=${user(double, "owner@hauswart.example")}` },
  { name: "user-invite", path: () => "/users?add=1" },
  {
    name: "user-change",
    path: (double) => `/users?user=${user(double, doubleTechnician.email)}`,
    act: (page) => press(page, /^(Ändern|Change)$/),
  },
  {
    name: "user-remove",
    path: (double) => `/users?user=${user(double, doubleTechnician.email)}`,
    act: (page) => press(page, /^(Löschen|Delete)$/),
  },
  { name: "account", path: () => "/account" },
  {
    name: "step-up",
    path: (double) => {
      setProven(double, false);
      return "/account";
    },
    act: (page) => press(page, /^(Code-App einrichten|Set up a code app)$/),
  },
  {
    name: "totp",
    path: (double) => {
      setProven(double, true);
      return "/account";
    },
    act: (page) => press(page, /^(Code-App einrichten|Set up a code app)$/),
  },
  { name: "issuer-add", path: () => "/settings", act: (page) => press(page, /^(Anmeldedienst eintragen|Add an identity provider)$/) },
  { name: "passkey-add", path: () => "/account", act: (page) => press(page, /^(Passkey hinzufügen|Add a passkey)$/) },
  {
    name: "recovery-codes",
    path: (double) => {
      setProven(double, true);
      const { persons } = double.world.people;
      persons[0]!.factors.passkeys = persons[1]!.factors.passkeys;
      persons[0]!.factors.recoveryCodes = null;
      return "/account";
    },
    act: (page) => press(page, /^(Codes erzeugen|Make codes)$/),
  },
];
