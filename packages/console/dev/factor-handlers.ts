/** What the double answers about signing in, second factors and fresh proofs. Codes and passkeys are really checked. */
import type { factorsRoutes } from "@hauswart/protocol/api/routes/factors.ts";
import type { InputOf, ResultOf } from "@hauswart/protocol/api/route.ts";
import type { Factor, PasskeyAnswer } from "@hauswart/protocol/api/factors.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { Secret, TOTP } from "otpauth";
import { found, pageOf } from "./paging.ts";
import {
  askerOf,
  doubleBreakGlassCode,
  makeRecoveryCodes,
  newToken,
  openSessionFor,
  type Call,
  type DoubleSession,
  type Person,
} from "./people.ts";
import type { World } from "./world.ts";

type Routes = typeof factorsRoutes;
type FactorHandlers = {
  readonly [Name in keyof Routes]: (input: InputOf<Routes[Name]>, call: Call) => ResultOf<Routes[Name]> | Promise<ResultOf<Routes[Name]>>;
};
type Part<Names extends keyof FactorHandlers> = Pick<FactorHandlers, Names>;

/** How long a proof is good for. */
const proofMs = 600_000;

export function makeFactorHandlers(
  world: World,
): FactorHandlers & { createSession(input: Input<"createSession">, call: Call): Promise<Result<"createSession">> } {
  return { ...signInHandlers(world), ...proofHandlers(world), ...totpHandlers(world), ...passkeyHandlers(world), ...issuerHandlers(world) };
}

function issuerHandlers(world: World): Part<"listOidcIssuers" | "createOidcIssuer" | "changeOidcIssuer" | "deleteOidcIssuer"> {
  const issuerOf = (oidcIssuerId: string) => found(world.people.issuers.find((one) => one.oidcIssuerId === oidcIssuerId));
  return {
    listOidcIssuers: (input) => pageOf(world.people.issuers, input),
    createOidcIssuer({ clientSecret: _secret, ...body }, call) {
      const issuer = {
        oidcIssuerId: newId(),
        ...body,
        redirectUri: `${call.origin}/sign-in/oidc`,
        createdAt: new Date(world.nowMs()).toISOString(),
      };
      world.people.issuers.push(issuer);
      return issuer;
    },
    changeOidcIssuer: ({ oidcIssuerId, clientSecret: _secret, ...change }) => Object.assign(issuerOf(oidcIssuerId), change),
    deleteOidcIssuer({ oidcIssuerId }) {
      world.people.issuers.splice(world.people.issuers.indexOf(issuerOf(oidcIssuerId)), 1);
    },
  };
}

const appOf = (person: Person, secret: string) =>
  new TOTP({ issuer: "Hauswart", label: person.account.email, secret: Secret.fromBase32(secret) });

function isCode(world: World, person: Person, code: string): boolean {
  const { totp } = person.factors;
  if (!totp) return false;
  return appOf(person, totp.secret).validate({ token: code.replaceAll(" ", ""), timestamp: world.nowMs(), window: 1 }) !== null;
}

/** The strongest first. */
function factorsOf({ factors }: Person): Factor[] {
  const have: [Factor, boolean][] = [
    ["passkey", factors.passkeys.length > 0],
    ["totp", Boolean(factors.totp?.confirmedAt)],
  ];
  const found = have.filter(([, has]) => has).map(([factor]) => factor);
  return found.length > 0 && factors.recoveryCodes ? [...found, "recovery-code"] : found;
}

/** Takes a recovery code; it is good once. */
function takeRecoveryCode({ factors }: Person, code: string): boolean {
  const plain = (text: string) => text.replaceAll(/[\s-]/g, "").toUpperCase();
  const place = factors.recoveryCodes?.codes.findIndex((one) => plain(one) === plain(code)) ?? -1;
  if (place >= 0) factors.recoveryCodes!.codes.splice(place, 1);
  return place >= 0;
}

const rpOf = (call: Call) => new URL(call.origin).hostname;
const credentialsOf = (person: Person) =>
  person.factors.passkeys.flatMap(({ credential }) => (credential ? [{ id: credential.id, transports: credential.transports ?? [] }] : []));

/** Begins something that ends with an answer. @returns its name, and options for the browser. */
async function challenge(world: World, call: Call, person: Person | undefined) {
  const options = await generateAuthenticationOptions({
    rpID: rpOf(call),
    userVerification: "preferred",
    ...(person ? { allowCredentials: credentialsOf(person) } : {}),
  });
  const name = newToken();
  world.people.challenges.set(name, { accountId: person?.account.accountId ?? null, passkeyChallenge: options.challenge });
  return { name, options: options as unknown as Record<string, unknown> };
}

function challengeOf(world: World, name: string) {
  const one = world.people.challenges.get(name);
  if (!one) throw new HauswartError("CHALLENGE_INVALID");
  return one;
}

/** The person whose passkey it is; throws when the signature is wrong. */
async function personOfPasskey(world: World, call: Call, name: string, answer: PasskeyAnswer): Promise<Person> {
  const { accountId, passkeyChallenge } = challengeOf(world, name);
  const person = world.people.persons.find(
    ({ account, factors }) =>
      (accountId === null || account.accountId === accountId) && factors.passkeys.some(({ credential }) => credential?.id === answer.id),
  );
  const known = person?.factors.passkeys.find(({ credential }) => credential?.id === answer.id);
  if (!person || !known?.credential) throw new HauswartError("FACTOR_REFUSED");
  const checked = await verifyAuthenticationResponse({
    response: answer as unknown as AuthenticationResponseJSON,
    expectedChallenge: passkeyChallenge,
    expectedOrigin: call.origin,
    expectedRPID: rpOf(call),
    credential: known.credential,
    requireUserVerification: false,
  }).catch(() => ({ verified: false }));
  if (!checked.verified) throw new HauswartError("FACTOR_REFUSED");
  known.passkey.lastUsedAt = new Date(world.nowMs()).toISOString();
  world.people.challenges.delete(name);
  return person;
}

function signedIn(world: World, call: Call, person: Person, over: Partial<DoubleSession> = {}): Result<"createSession"> {
  if (person.disabledAt) throw new HauswartError("WRONG_CREDENTIALS");
  const opened = Object.assign(openSessionFor(world.people, world.nowMs(), person, call.userAgent), over);
  return { token: opened.key, expiresAt: opened.session.expiresAt, account: person.account };
}

/** Signs in, or asks for the second factor where there is one. */
async function withSecondFactor(world: World, call: Call, person: Person): Promise<Result<"createSession">> {
  const factors = factorsOf(person);
  if (factors.length === 0 || person.disabledAt) return signedIn(world, call, person);
  const { name, options } = await challenge(world, call, person);
  throw new HauswartError("SECOND_FACTOR_REQUIRED", undefined, {
    challenge: name,
    factors,
    passkeyOptions: factors.includes("passkey") ? options : null,
  });
}

function signInHandlers(
  world: World,
): Part<
  | "listSignInWays"
  | "createSessionWithFactor"
  | "beginPasskeySignIn"
  | "createSessionWithPasskey"
  | "beginOidcSignIn"
  | "createSessionWithOidc"
  | "createSessionWithBreakGlass"
> & { createSession(input: Input<"createSession">, call: Call): Promise<Result<"createSession">> } {
  const { people } = world;
  const personOf = (accountId: string | null) => found(people.persons.find(({ account }) => account.accountId === accountId));
  const byEmail = (email: string) => people.persons.find(({ account }) => account.email === email.trim().toLowerCase());
  return {
    async createSession({ email, password }, call) {
      const person = byEmail(email);
      if (!person || person.password !== password) throw new HauswartError("WRONG_CREDENTIALS");
      return withSecondFactor(world, call, person);
    },
    listSignInWays: () => ({ issuers: world.people.issuers.filter(({ active }) => active), passkeys: true }),
    async createSessionWithFactor({ challenge: name, totp, recoveryCode, passkey }, call) {
      if (passkey) return signedIn(world, call, await personOfPasskey(world, call, name, passkey));
      const person = personOf(challengeOf(world, name).accountId);
      const isRight = totp === undefined ? takeRecoveryCode(person, recoveryCode ?? "") : isCode(world, person, totp);
      if (!isRight) throw new HauswartError("FACTOR_REFUSED");
      people.challenges.delete(name);
      return signedIn(world, call, person);
    },
    async beginPasskeySignIn(_input, call) {
      const { name, options } = await challenge(world, call, undefined);
      return { challenge: name, options };
    },
    createSessionWithPasskey: async ({ challenge: name, passkey }, call) =>
      signedIn(world, call, await personOfPasskey(world, call, name, passkey)),
    /** The double is its own identity provider: it sends the browser back at once. */
    beginOidcSignIn({ oidcIssuerId }, call) {
      found(world.people.issuers.find((one) => one.oidcIssuerId === oidcIssuerId));
      const name = newToken();
      people.challenges.set(name, { accountId: byEmail("sued@hauswart.example")?.account.accountId ?? null, passkeyChallenge: "" });
      return { challenge: name, url: `${call.origin}/sign-in/oidc?code=${newToken()}&state=${name}` };
    },
    createSessionWithOidc({ challenge: name, query }, call) {
      const answer = new URLSearchParams(query);
      const { accountId } = challengeOf(world, name);
      if (answer.get("state") !== name || !answer.get("code")) throw new HauswartError("IDENTITY_PROVIDER_FAILED");
      people.challenges.delete(name);
      return withSecondFactor(world, call, personOf(accountId));
    },
    createSessionWithBreakGlass({ email, code }, call) {
      const person = byEmail(email);
      if (!person || person.account.role !== "owner" || code !== doubleBreakGlassCode) throw new HauswartError("FACTOR_REFUSED");
      return signedIn(world, call, person, { setsPasswordUntilMs: world.nowMs() + 600_000 });
    },
  };
}

function proofHandlers(world: World): Part<"beginProof" | "proveSession" | "checkProof"> {
  return {
    checkProof(_input, call) {
      if (askerOf(call).session.provedUntilMs <= world.nowMs()) throw new HauswartError("STEP_UP_REQUIRED");
    },
    async beginProof(_input, call) {
      const { person } = askerOf(call);
      const factors = factorsOf(person);
      if (factors.length === 0) return { ways: ["password"], challenge: null, passkeyOptions: null };
      const { name, options } = await challenge(world, call, person);
      const hasPasskey = factors.includes("passkey");
      return {
        ways: factors.filter((one) => one !== "recovery-code"),
        challenge: hasPasskey ? name : null,
        passkeyOptions: hasPasskey ? options : null,
      };
    },
    async proveSession({ password, totp, passkey, challenge: name }, call) {
      const { person, session } = askerOf(call);
      const isProven = passkey
        ? (await personOfPasskey(world, call, name ?? "", passkey)) === person
        : totp === undefined
          ? password === person.password && factorsOf(person).length === 0
          : isCode(world, person, totp);
      if (!isProven) throw new HauswartError("PROOF_REFUSED");
      session.provedUntilMs = world.nowMs() + proofMs;
      return { provedUntil: new Date(session.provedUntilMs).toISOString() };
    },
  };
}

/** Recovery codes come with the first factor. */
function firstCodes(world: World, { factors }: Person): { recoveryCodes: string[] | null } {
  if (factors.recoveryCodes) return { recoveryCodes: null };
  const codes = makeRecoveryCodes();
  factors.recoveryCodes = { codes: [...codes], createdAt: new Date(world.nowMs()).toISOString() };
  return { recoveryCodes: codes };
}

/** They go with the last factor. */
function dropCodesOfNothing(person: Person): void {
  if (factorsOf(person).length === 0) person.factors.recoveryCodes = null;
}

function totpHandlers(
  world: World,
): Part<"getFactors" | "beginTotp" | "confirmTotp" | "deleteTotp" | "deleteAccountFactors" | "createRecoveryCodes"> {
  return {
    getFactors(_input, call) {
      const { person, session } = askerOf(call);
      const { factors } = person;
      const { setsPasswordUntilMs = 0 } = session;
      return {
        totp: factors.totp?.confirmedAt ? { confirmedAt: factors.totp.confirmedAt } : null,
        passkeys: factors.passkeys.map(({ passkey }) => passkey),
        recoveryCodes: factors.recoveryCodes && { left: factors.recoveryCodes.codes.length, createdAt: factors.recoveryCodes.createdAt },
        isRequired: false,
        isMissing: false,
        setsPasswordUntil: setsPasswordUntilMs > world.nowMs() ? new Date(setsPasswordUntilMs).toISOString() : null,
        canUsePasskeys: !/^[\d.]+$|:/.test(rpOf(call)),
      };
    },
    beginTotp(_input, call) {
      const { person } = askerOf(call);
      if (person.factors.totp?.confirmedAt) throw new HauswartError("CONFLICT");
      const secret = new Secret({ size: 20 }).base32;
      person.factors.totp = { secret, confirmedAt: null };
      return { secret, uri: appOf(person, secret).toString() };
    },
    confirmTotp({ totp }, call) {
      const { person } = askerOf(call);
      if (!person.factors.totp) throw new HauswartError("NOT_FOUND");
      if (!isCode(world, person, totp)) throw new HauswartError("PROOF_REFUSED");
      person.factors.totp.confirmedAt = new Date(world.nowMs()).toISOString();
      return firstCodes(world, person);
    },
    deleteTotp(_input, call) {
      const { person } = askerOf(call);
      person.factors.totp = null;
      dropCodesOfNothing(person);
    },
    deleteAccountFactors({ accountId }) {
      const { people } = world;
      const person = found(people.persons.find(({ account }) => account.accountId === accountId));
      Object.assign(person.factors, { totp: null, recoveryCodes: null });
      person.factors.passkeys.length = 0;
      people.sessions = people.sessions.filter(({ session }) => session.accountId !== accountId);
    },
    createRecoveryCodes(_input, call) {
      const { person } = askerOf(call);
      if (factorsOf(person).length === 0) throw new HauswartError("CONFLICT");
      person.factors.recoveryCodes = null;
      return { recoveryCodes: firstCodes(world, person).recoveryCodes! };
    },
  };
}

function passkeyHandlers(world: World): Part<"beginPasskey" | "createPasskey" | "changePasskey" | "deletePasskey"> {
  const { people } = world;
  const passkeyOf = (call: Call, passkeyId: string) =>
    found(askerOf(call).person.factors.passkeys.find(({ passkey }) => passkey.passkeyId === passkeyId));
  return {
    async beginPasskey(_input, call) {
      const { person } = askerOf(call);
      const options = await generateRegistrationOptions({
        rpName: "Hauswart",
        rpID: rpOf(call),
        userName: person.account.email,
        userDisplayName: person.account.name,
        attestationType: "none",
        excludeCredentials: credentialsOf(person),
        authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      });
      const name = newToken();
      people.challenges.set(name, { accountId: person.account.accountId, passkeyChallenge: options.challenge });
      return { challenge: name, options: options as unknown as Record<string, unknown> };
    },
    async createPasskey({ name, challenge: challengeName, passkey }, call) {
      const { person } = askerOf(call);
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: passkey as unknown as RegistrationResponseJSON,
        expectedChallenge: challengeOf(world, challengeName).passkeyChallenge,
        expectedOrigin: call.origin,
        expectedRPID: rpOf(call),
        requireUserVerification: false,
      });
      if (!verified) throw new HauswartError("PASSKEY_REFUSED");
      people.challenges.delete(challengeName);
      const added = {
        passkeyId: newId(),
        name,
        isSynced: registrationInfo.credentialBackedUp,
        createdAt: new Date(world.nowMs()).toISOString(),
        lastUsedAt: null,
      };
      person.factors.passkeys.push({ passkey: added, credential: registrationInfo.credential });
      return { passkey: added, ...firstCodes(world, person) };
    },
    changePasskey: ({ passkeyId, name }, call) => Object.assign(passkeyOf(call, passkeyId).passkey, { name }),
    deletePasskey({ passkeyId }, call) {
      const { person } = askerOf(call);
      const one = passkeyOf(call, passkeyId);
      person.factors.passkeys.splice(person.factors.passkeys.indexOf(one), 1);
      dropCodesOfNothing(person);
    },
  };
}
