/** The people of the double's IT house: accounts with their passwords, invitations, sessions. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { Invitation, Session } from "@hauswart/protocol/api/people.ts";
import type { Unreachable } from "@hauswart/protocol/api/routing.ts";
import type { OidcIssuer, Passkey } from "@hauswart/protocol/api/factors.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { WebAuthnCredential } from "@simplewebauthn/server";

type Account = NonNullable<ResponseOf<"getSession">["account"]>;

const dayMs = 86_400_000;

/** Who can sign in at once, and the secret of the one with a code app. */
export const doubleAccount = { email: "owner@hauswart.example", password: "hauswart" } as const;
export const doubleTechnician = { email: "nord@hauswart.example", password: "hauswart", totpSecret: "JBSWY3DPEHPK3PXP" } as const;
/** What `npm run break-glass` would print. */
export const doubleBreakGlassCode = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF";
/** Value of the cookie of a session that is there from the start; its proof stays fresh for a day. */
export const openSession = "open";

export interface PersonFactors {
  totp: { secret: string; confirmedAt: string | null } | null;
  passkeys: { passkey: Passkey; credential: WebAuthnCredential | null }[];
  recoveryCodes: { codes: string[]; createdAt: string } | null;
}

export interface Person {
  account: Account;
  password: string;
  disabledAt: string | null;
  lastUsedAt: string | null;
  readonly unreachable: Unreachable | null;
  reachFromIssuer: string | null;
  readonly factors: PersonFactors;
}

export interface DoubleSession {
  /** Value of its cookie. */
  readonly key: string;
  readonly session: Omit<Session, "isCurrent">;
  /** Until when dangerous changes need no further proof, Unix milliseconds. */
  provedUntilMs: number;
  /** Where it came in by a break-glass code. */
  setsPasswordUntilMs?: number;
}

export interface DoubleInvitation {
  readonly invitation: Omit<Invitation, "state">;
  /** From the link in the mail. */
  token: string;
}

export interface People {
  persons: Person[];
  sessions: DoubleSession[];
  invitations: DoubleInvitation[];
  readonly issuers: OidcIssuer[];
  /** Links for a new password: the token and whose it is. */
  readonly resets: Map<string, string>;
  /** A change of an e-mail address that waits: whose, to which, and the tokens in the mails to the new and the old address. */
  emailChange: {
    accountId: string;
    before: string;
    email: string;
    expiresAt: string;
    confirm: string;
    object: string;
    isDone: boolean;
  } | null;
  /** When whose visit before this one ended, by account, Unix milliseconds. */
  readonly visits: Map<string, number>;
  /** Challenges that wait for an answer: at the sign-in with whose they are, and what a passkey has to sign. */
  readonly challenges: Map<string, { accountId: string | null; passkeyChallenge: string }>;
}

/** Who calls, from where. */
export interface Call {
  readonly asker: { readonly session: DoubleSession; readonly person: Person } | undefined;
  /** The console's own address, as passkeys know it. */
  readonly origin: string;
  readonly userAgent: string;
}

/** Who is signed in; routes without a sign-in do not ask. */
export function askerOf(call: Call): NonNullable<Call["asker"]> {
  if (!call.asker) throw new HauswartError("UNAUTHENTICATED");
  return call.asker;
}

export const newToken = (): string => newId().replaceAll("-", "");

interface Seed {
  readonly email: string;
  readonly name: string;
  readonly role: Account["role"];
  readonly reach?: Account["reach"];
  readonly daysAgo: number;
  readonly usedMinutesAgo?: number;
  readonly disabled?: true;
  /** Made by this identity provider, with all customers. */
  readonly madeBy?: string;
  /** In the words of a mail server: mails come back. */
  readonly returned?: string;
  readonly totpSecret?: string;
  readonly passkeys?: readonly string[];
}

function makePerson(nowMs: number, seed: Seed): Person {
  const at = (agoMs: number) => new Date(nowMs - agoMs).toISOString();
  const passkey = (name: string): Passkey => ({
    passkeyId: newId(nowMs),
    name,
    isSynced: true,
    createdAt: at(20 * dayMs),
    lastUsedAt: at(2 * dayMs),
  });
  const isProtected = seed.totpSecret !== undefined || seed.passkeys !== undefined;
  return {
    account: {
      accountId: newId(nowMs - seed.daysAgo * dayMs),
      email: seed.email,
      name: seed.name,
      role: seed.role,
      reach: seed.reach ?? { mode: "all", customerIds: [] },
      language: "de",
      createdAt: at(seed.daysAgo * dayMs),
    },
    password: "hauswart",
    disabledAt: seed.disabled ? at(12 * dayMs) : null,
    lastUsedAt: seed.usedMinutesAgo === undefined ? null : at(seed.usedMinutesAgo * 60_000),
    unreachable: seed.returned === undefined ? null : { since: at(3 * 3_600_000), via: "returned", reason: seed.returned },
    reachFromIssuer: seed.madeBy ?? null,
    factors: {
      totp: seed.totpSecret ? { secret: seed.totpSecret, confirmedAt: at(30 * dayMs) } : null,
      passkeys: (seed.passkeys ?? []).map((name) => ({ passkey: passkey(name), credential: null })),
      recoveryCodes: isProtected ? { codes: makeRecoveryCodes().slice(3), createdAt: at(30 * dayMs) } : null,
    },
  };
}

/** Ten codes in groups, as the server makes them. */
export function makeRecoveryCodes(): string[] {
  const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
  const group = () => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => letters[byte % letters.length]).join("");
  return Array.from({ length: 10 }, () => Array.from({ length: 5 }, group).join("-"));
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0";
const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1";
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36 Edg/152.0.0.0";

/** A session that began some hours ago. */
function makeSession(nowMs: number, key: string, person: Person, userAgent: string, address: string, hoursAgo: number): DoubleSession {
  const startedMs = nowMs - hoursAgo * 3_600_000;
  return {
    key,
    provedUntilMs: key === openSession ? nowMs + dayMs : 0,
    session: {
      sessionId: newId(startedMs),
      accountId: person.account.accountId,
      address,
      userAgent,
      uses: [
        { address, userAgent, lastUsedAt: new Date(nowMs - hoursAgo * 300_000).toISOString() },
        ...(key === openSession
          ? [{ address: "198.51.100.24", userAgent, lastUsedAt: new Date(nowMs - 2 * 3_600_000).toISOString() }]
          : []),
      ],
      createdAt: new Date(startedMs).toISOString(),
      lastUsedAt: new Date(nowMs - hoursAgo * 300_000).toISOString(),
      expiresAt: new Date(startedMs + 30 * dayMs).toISOString(),
    },
  };
}

/** The session that is there from the start, again, when somebody signed out of it. */
export function restoreOpenSession(people: People, nowMs: number): void {
  if (people.sessions.some(({ key }) => key === openSession)) return;
  people.sessions.unshift(makeSession(nowMs, openSession, people.persons[0]!, firefox, "192.0.2.17", 3));
}

/** Opens a session for a person, as a sign-in does. */
export function openSessionFor(people: People, nowMs: number, person: Person, userAgent: string): DoubleSession {
  const session = makeSession(nowMs, newToken(), person, userAgent, "127.0.0.1", 0);
  session.provedUntilMs = nowMs + 600_000;
  person.lastUsedAt = new Date(nowMs).toISOString();
  people.sessions.unshift(session);
  return session;
}

/** @param customerIds of the double's three customers. */
export function makePeople(nowMs: number, customerIds: readonly string[]): People {
  const [first, second] = customerIds as [string, string];
  const only = (...ids: string[]): Account["reach"] => ({ mode: "include", customerIds: ids });
  const persons = [
    makePerson(nowMs, { email: doubleAccount.email, name: "Leitstelle", role: "owner", daysAgo: 320, usedMinutesAgo: 0 }),
    makePerson(nowMs, {
      email: "zentrale@hauswart.example",
      name: "Zentrale",
      role: "owner",
      daysAgo: 300,
      usedMinutesAgo: 4_000,
      passkeys: ["Notebook", "Schlüssel im Tresor"],
    }),
    makePerson(nowMs, {
      email: "verwaltung@hauswart.example",
      name: "Verwaltung",
      role: "administrator",
      daysAgo: 200,
      usedMinutesAgo: 55,
      passkeys: ["Schlüsselbund"],
      totpSecret: "KRSXG5CTMVRXEZLU",
    }),
    makePerson(nowMs, {
      email: doubleTechnician.email,
      name: "Technik Nord",
      role: "technician",
      reach: only(first, second),
      daysAgo: 150,
      usedMinutesAgo: 7,
      totpSecret: doubleTechnician.totpSecret,
    }),
    makePerson(nowMs, {
      email: "sued@hauswart.example",
      name: "Technik Süd",
      role: "technician",
      reach: { mode: "exclude", customerIds: [second] },
      daysAgo: 90,
      usedMinutesAgo: 1_500,
    }),
    makePerson(nowMs, {
      email: "ausbildung@hauswart.example",
      name: "Ausbildung",
      role: "read-only",
      madeBy: "Entra ID",
      daysAgo: 40,
      disabled: true,
      usedMinutesAgo: 30_000,
    }),
    makePerson(nowMs, {
      email: "einkauf@muster.example",
      name: "Einkauf Muster GmbH",
      role: "read-only",
      reach: only(first),
      daysAgo: 12,
      returned: "550 5.1.1 User unknown",
    }),
  ];
  const owner = persons[0]!;
  return {
    persons,
    sessions: [
      makeSession(nowMs, openSession, owner, firefox, "192.0.2.17", 3),
      makeSession(nowMs, newToken(), owner, safari, "2001:db8:4:1::27", 22),
      makeSession(nowMs, newToken(), owner, edge, "198.51.100.4", 190),
      makeSession(nowMs, newToken(), persons[3]!, edge, "198.51.100.9", 2),
    ],
    invitations: [
      invitationOf(nowMs, "neu@hauswart.example", "Technik West", only(first), 1),
      invitationOf(nowMs, "vertretung@hauswart.example", "Vertretung", undefined, 9),
    ],
    issuers: [
      {
        oidcIssuerId: newId(nowMs),
        name: "Verzeichnis des Systemhauses",
        issuer: "https://login.systemhaus.example",
        clientId: "hauswart",
        active: true,
        createsAccounts: false,
        countsAsSecondFactor: true,
        trustsEmails: false,
        redirectUri: "https://hauswart.systemhaus.example/sign-in/oidc",
        createdAt: new Date(nowMs - 60 * dayMs).toISOString(),
      },
    ],
    resets: new Map(),
    emailChange: null,
    visits: new Map(),
    challenges: new Map(),
  };
}

function invitationOf(nowMs: number, email: string, name: string, reach: Account["reach"] | undefined, daysAgo: number): DoubleInvitation {
  const at = (ms: number) => new Date(ms).toISOString();
  const sentMs = nowMs - daysAgo * dayMs;
  return {
    token: newToken(),
    invitation: {
      invitationId: newId(sentMs),
      email,
      name,
      role: "technician",
      reach: reach ?? { mode: "all", customerIds: [] },
      language: "de",
      createdAt: at(sentMs),
      createdBy: "Leitstelle",
      sentAt: at(sentMs),
      expiresAt: at(sentMs + 7 * dayMs),
    },
  };
}
