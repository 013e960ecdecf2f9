/** What the double answers about accounts, invitations, sessions and passwords. */
import type { peopleRoutes } from "@hauswart/protocol/api/routes/people.ts";
import type { InputOf, ResultOf } from "@hauswart/protocol/api/route.ts";
import { consolePaths } from "@hauswart/protocol/api/people.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { askerOf, newToken, type Call, type DoubleInvitation, type DoubleSession, type Person } from "./people.ts";
import { found, pageOf } from "./paging.ts";
import type { World } from "./world.ts";

type Routes = typeof peopleRoutes;
type PeopleHandlers = { readonly [Name in keyof Routes]: (input: InputOf<Routes[Name]>, call: Call) => ResultOf<Routes[Name]> };

const dayMs = 86_400_000;

export function makePeopleHandlers(world: World): PeopleHandlers {
  return {
    ...accountHandlers(world),
    ...invitationHandlers(world),
    ...passwordHandlers(world),
    ...emailHandlers(world),
    ...sessionHandlers(world),
  };
}

type Part<Names extends keyof PeopleHandlers> = Pick<PeopleHandlers, Names>;
const timestamp = (world: World, inMs = 0) => new Date(world.nowMs() + inMs).toISOString();
const wholeOf = ({ people }: World, { account, disabledAt, lastUsedAt, unreachable, reachFromIssuer, factors }: Person) => ({
  ...account,
  disabledAt,
  lastUsedAt,
  openSessions: people.sessions.filter(({ session }) => session.accountId === account.accountId).length,
  unreachable,
  reachFromIssuer,
  factors: { totp: Boolean(factors.totp?.confirmedAt), passkeys: factors.passkeys.length },
});

function endSessions({ people }: World, isMeant: (session: DoubleSession) => boolean): number {
  const before = people.sessions.length;
  people.sessions = people.sessions.filter((session) => !isMeant(session));
  return before - people.sessions.length;
}

function accountHandlers(world: World): Part<"listAccounts" | "getAccount" | "changeAccount" | "deleteAccount"> {
  const { people } = world;
  const personOf = (accountId: string) => found(people.persons.find(({ account }) => account.accountId === accountId));
  /** Only owners touch owners, and one who can sign in has to be left. */
  const guard = (call: Call, person: Person, makesOwner: boolean, staysOwner: boolean) => {
    const isOwner = person.account.role === "owner";
    if ((isOwner || makesOwner) && askerOf(call).person.account.role !== "owner") throw new HauswartError("FORBIDDEN");
    const others = people.persons.filter((one) => one !== person && one.account.role === "owner" && one.disabledAt === null);
    if (isOwner && !staysOwner && others.length === 0) throw new HauswartError("LAST_OWNER");
  };
  return {
    listAccounts: (input) =>
      pageOf(
        people.persons.map((person) => wholeOf(world, person)).sort((one, other) => one.name.localeCompare(other.name, "de")),
        input,
      ),
    getAccount: ({ accountId }) => wholeOf(world, personOf(accountId)),
    changeAccount({ accountId, isDisabled, reach, ...change }, call) {
      const person = personOf(accountId);
      guard(call, person, change.role === "owner", (change.role ?? person.account.role) === "owner" && isDisabled !== true);
      Object.assign(person.account, change, reach ? { reach } : {});
      if (reach) person.reachFromIssuer = null;
      if (isDisabled !== undefined) person.disabledAt = isDisabled ? timestamp(world) : null;
      if (isDisabled) endSessions(world, ({ session }) => session.accountId === accountId);
      return wholeOf(world, person);
    },
    deleteAccount({ accountId }, call) {
      const person = personOf(accountId);
      guard(call, person, false, false);
      people.persons = people.persons.filter((one) => one !== person);
      endSessions(world, ({ session }) => session.accountId === accountId);
    },
  };
}

function invitationHandlers(
  world: World,
): Part<"listInvitations" | "inviteAccount" | "resendInvitation" | "revokeInvitation" | "getInvitation" | "acceptInvitation"> {
  const { people } = world;
  const shown = ({ invitation }: DoubleInvitation) => ({
    ...invitation,
    state: Date.parse(invitation.expiresAt) > world.nowMs() ? ("open" as const) : ("expired" as const),
  });
  /** Nobody but the asker can hand the link over while there is no mail server. */
  const sent = (one: DoubleInvitation, call: Call) => ({
    ...shown(one),
    link: !world.hasMailServer ? `${call.origin}${consolePaths.invitation}#token=${one.token}` : null,
  });
  const byId = (invitationId: string) => found(people.invitations.find(({ invitation }) => invitation.invitationId === invitationId));
  const byToken = (token: string) => {
    const one = people.invitations.find((invitation) => invitation.token === token);
    if (!one || shown(one).state === "expired") throw new HauswartError("LINK_INVALID");
    return one;
  };
  const isKnown = (email: string) => people.persons.some(({ account }) => account.email.toLowerCase() === email.toLowerCase());
  return {
    listInvitations: (input) => pageOf(people.invitations.map(shown), input),
    inviteAccount(body, call) {
      const { account } = askerOf(call).person;
      if (body.role === "owner" && account.role !== "owner") throw new HauswartError("FORBIDDEN");
      if (isKnown(body.email)) throw new HauswartError("CONFLICT", "There is an account with this address.");
      const [createdAt, expiresAt] = [timestamp(world), timestamp(world, 7 * dayMs)];
      const invitation = { invitationId: newId(), ...body, createdAt, createdBy: account.name, sentAt: createdAt, expiresAt };
      const one = { token: newToken(), invitation };
      people.invitations.unshift(one);
      return sent(one, call);
    },
    resendInvitation({ invitationId }, call) {
      const one = byId(invitationId);
      one.token = newToken();
      Object.assign(one.invitation, { sentAt: timestamp(world), expiresAt: timestamp(world, 7 * dayMs) });
      return sent(one, call);
    },
    revokeInvitation({ invitationId }) {
      people.invitations.splice(people.invitations.indexOf(byId(invitationId)), 1);
    },
    getInvitation: ({ token }) => ({ ...byToken(token).invitation, providerName: world.settings.name }),
    acceptInvitation({ token, name, password, language }) {
      const one = byToken(token);
      const { email, role, reach } = one.invitation;
      const account = {
        accountId: newId(),
        email,
        name,
        role,
        reach,
        language: language ?? one.invitation.language,
        createdAt: timestamp(world),
      };
      const factors = { totp: null, passkeys: [], recoveryCodes: null };
      people.persons.push({ account, password, disabledAt: null, lastUsedAt: null, unreachable: null, reachFromIssuer: null, factors });
      people.invitations.splice(people.invitations.indexOf(one), 1);
      return account;
    },
  };
}

function passwordHandlers(
  world: World,
): Part<"requestPasswordReset" | "resetPassword" | "changeProfile" | "changePassword" | "recordVisit"> {
  const { people } = world;
  return {
    requestPasswordReset({ email }) {
      const person = people.persons.find(({ account }) => account.email.toLowerCase() === email.trim().toLowerCase());
      if (person) people.resets.set(newToken(), person.account.accountId);
    },
    resetPassword({ token, password }) {
      const accountId = people.resets.get(token);
      const person = people.persons.find(({ account }) => account.accountId === accountId);
      if (!person) throw new HauswartError("LINK_INVALID");
      people.resets.delete(token);
      person.password = password;
      endSessions(world, ({ session }) => session.accountId === accountId);
    },
    recordVisit({ seenAll }, call) {
      const { accountId } = askerOf(call).person.account;
      if (seenAll) people.visits.set(accountId, world.nowMs());
      const before = people.visits.get(accountId);
      return { beforeAt: before === undefined ? null : new Date(before).toISOString() };
    },
    changeProfile: (change, call) => Object.assign(askerOf(call).person.account, change),
    changePassword({ currentPassword, newPassword }, call) {
      const { person, session } = askerOf(call);
      const needsNone = currentPassword === undefined && (session.setsPasswordUntilMs ?? 0) > world.nowMs();
      if (!needsNone && person.password !== currentPassword) throw new HauswartError("WRONG_PASSWORD");
      person.password = newPassword;
      endSessions(world, (one) => one !== session && one.session.accountId === person.account.accountId);
    },
  };
}

function emailHandlers(
  world: World,
): Part<"getEmailChange" | "requestEmailChange" | "cancelEmailChange" | "confirmEmailChange" | "objectToEmailChange"> {
  const { people } = world;
  const waiting = () => (people.emailChange?.isDone === false ? people.emailChange : null);
  /** Gives the account of the change an address. */
  const give = (change: NonNullable<typeof people.emailChange>, email: string) => {
    found(people.persons.find(({ account }) => account.accountId === change.accountId)).account.email = email;
    return { email };
  };
  return {
    getEmailChange(_input, call) {
      const change = waiting();
      const isOwn = change?.accountId === askerOf(call).person.account.accountId;
      return { waiting: change && isOwn ? { email: change.email, expiresAt: change.expiresAt } : null };
    },
    requestEmailChange({ email }, call) {
      const { account } = askerOf(call).person;
      if (!world.hasMailServer) throw new HauswartError("MAIL_SERVER_MISSING");
      const expiresAt = timestamp(world, dayMs);
      const { accountId, email: before } = account;
      people.emailChange = { accountId, before, email, expiresAt, confirm: newToken(), object: newToken(), isDone: false };
      return { email, expiresAt };
    },
    cancelEmailChange: () => void (people.emailChange = null),
    confirmEmailChange({ token }) {
      const change = waiting();
      if (change?.confirm !== token) throw new HauswartError("LINK_INVALID");
      change.isDone = true;
      return give(change, change.email);
    },
    objectToEmailChange({ token }) {
      const change = people.emailChange;
      if (change?.object !== token) throw new HauswartError("LINK_INVALID");
      people.emailChange = null;
      endSessions(world, ({ session }) => session.accountId === change.accountId);
      return give(change, change.before);
    },
  };
}

function sessionHandlers(world: World): Part<"listSessions" | "endSessionById" | "endOtherSessions"> {
  const { people } = world;
  return {
    listSessions({ accountId, ...page }, call) {
      const asker = askerOf(call);
      const whose = accountId ?? asker.person.account.accountId;
      const own = people.sessions.filter(({ session }) => session.accountId === whose);
      return pageOf(
        own.map((one) => ({ ...one.session, isCurrent: one === asker.session })),
        page,
      );
    },
    endSessionById({ sessionId }) {
      if (endSessions(world, ({ session }) => session.sessionId === sessionId) === 0) throw new HauswartError("NOT_FOUND");
    },
    endOtherSessions({ accountId }, call) {
      const asker = askerOf(call);
      const whose = accountId ?? asker.person.account.accountId;
      return { ended: endSessions(world, (one) => one !== asker.session && one.session.accountId === whose) };
    },
  };
}
