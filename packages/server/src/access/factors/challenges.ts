/**
 * What somebody began and has to finish: the second step of a sign-in, a proof, a registration, a visit to an identity provider.
 * Whoever began it holds an opaque token; what it stands for lies sealed in the database, so that any process can take it up.
 * Each is good once: it is taken out before the answer is looked at, and put back only after a wrong one.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { SealedValueError } from "../../secrets/sealed-box.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { networkOf } from "../lock-out.ts";
import { hashOfToken, newToken } from "../tokens.ts";

interface Person {
  readonly providerId: Id;
  readonly accountId: Id;
}

/** What came before the second step of a sign-in, with what it rested on: the hash that the password fitted, or who vouched. */
export type FirstStep =
  | { readonly method: "password"; readonly passwordHash: string | null }
  | { readonly method: "oidc"; readonly oidcIssuerId: Id };

/** What can be begun. `webAuthn` is the challenge that a passkey has to sign; null where no passkey may answer. */
export type Begun =
  | (Person & FirstStep & { readonly kind: "second-factor"; readonly webAuthn: string | null })
  | { readonly kind: "passkey-sign-in"; readonly webAuthn: string }
  | (Person & { readonly kind: "new-passkey"; readonly sessionId: Id; readonly webAuthn: string })
  | (Person & { readonly kind: "proof"; readonly sessionId: Id; readonly webAuthn: string })
  | {
      readonly kind: "oidc";
      readonly providerId: Id;
      readonly oidcIssuerId: Id;
      readonly state: string;
      readonly nonce: string;
      readonly codeVerifier: string;
    };
type Kind = Begun["kind"];
type BegunOf<K extends Kind> = Extract<Begun, { kind: K }>;

const lifeMs: Readonly<Record<Kind, number>> = {
  "second-factor": 5 * 60_000,
  "passkey-sign-in": 5 * 60_000,
  "new-passkey": 5 * 60_000,
  proof: 5 * 60_000,
  // People sign in there, with all that it takes.
  oidc: 15 * 60_000,
};
const wrongAnswersAllowed = 5;
/** So many sign-ins may be begun from one network at once by people who are not known yet; an office has one address for many. */
const anonymousPerNetwork = 100;

/**
 * Refuses before anything costly is done for somebody who is not known (a question to an identity provider). Errors: TOO_MANY_ATTEMPTS.
 */
export async function requireRoom(services: Services, address: string): Promise<void> {
  await services.database.unwalled("count the sign-ins that a network has begun", (tx) =>
    requireRoomIn(tx, networkOf(address), services.clock.now()),
  );
}

async function requireRoomIn(tx: Tx, network: string, nowMs: number): Promise<void> {
  if ((await openOf(tx, network, nowMs)) >= anonymousPerNetwork)
    throw new HauswartError("TOO_MANY_ATTEMPTS", undefined, { retryAfterSeconds: 60 });
}

/** Begins something. @returns the token for whoever finishes it. Errors: TOO_MANY_ATTEMPTS. */
export async function beginChallenge(services: Services, begun: Begun, address: string): Promise<string> {
  const token = newToken("challenge");
  const hash = hashOfToken(token);
  const nowMs = services.clock.now();
  const network = "accountId" in begun ? null : networkOf(address);
  await services.database.unwalled("begin a sign-in or a proof", async (tx) => {
    if (network !== null) await requireRoomIn(tx, network, nowMs);
    await tx.sql("insert into hauswart.sign_in_challenge (token_hash, body, network, expires_at) values ($1, $2, $3, $4)", [
      hash,
      services.secrets.seal(Buffer.from(JSON.stringify(begun)), placeOf(hash)),
      network,
      isoTime(nowMs + lifeMs[begun.kind]),
    ]);
  });
  return token;
}

export interface TakenChallenge<K extends Kind> {
  readonly begun: BegunOf<K>;
  /** Puts it back: the answer was wrong, or was not looked at. After too many wrong answers it stays away. */
  giveBack(wrongAnswer: boolean): Promise<void>;
}

/** Takes out what was begun; nobody else gets it meanwhile. Errors: CHALLENGE_INVALID. */
export async function takeChallenge<K extends Kind>(services: Services, token: string, kind: K): Promise<TakenChallenge<K>> {
  const hash = hashOfToken(token);
  const row = await services.database.unwalled("take up a sign-in or a proof", async (tx) => {
    const [found] = await tx.sql<{ body: Uint8Array; network: string | null; wrong_answers: number; expires_at: Date }>(
      "delete from hauswart.sign_in_challenge where token_hash = $1 returning body, network, wrong_answers, expires_at",
      [hash],
    );
    return found;
  });
  if (!row || row.expires_at.getTime() <= services.clock.now()) throw new HauswartError("CHALLENGE_INVALID");
  const begun = opened(services, row.body, hash);
  if (begun.kind !== kind) throw new HauswartError("CHALLENGE_INVALID");
  return {
    begun: begun as BegunOf<K>,
    async giveBack(wrongAnswer) {
      const wrongAnswers = row.wrong_answers + (wrongAnswer ? 1 : 0);
      if (wrongAnswers >= wrongAnswersAllowed) return;
      await services.database.unwalled("put a sign-in or a proof back", (tx) =>
        tx.sql(
          "insert into hauswart.sign_in_challenge (token_hash, body, network, wrong_answers, expires_at) values ($1, $2, $3, $4, $5)",
          [hash, row.body, row.network, wrongAnswers, isoTime(row.expires_at)],
        ),
      );
    },
  };
}

/** What was begun before the master key was changed cannot be finished. */
function opened(services: Services, body: Uint8Array, hash: Buffer): Begun {
  try {
    return JSON.parse(services.secrets.open(body, placeOf(hash)).toString("utf8")) as Begun;
  } catch (error) {
    if (error instanceof SealedValueError) throw new HauswartError("CHALLENGE_INVALID");
    throw error;
  }
}

/** Housekeeping: drops what nobody finished. */
export async function forgetOldChallenges(tx: Tx, nowMs: number): Promise<void> {
  await tx.sql("delete from hauswart.sign_in_challenge where expires_at < $1", [isoTime(nowMs)]);
}

async function openOf(tx: Tx, network: string, nowMs: number): Promise<number> {
  await forgetOldChallenges(tx, nowMs);
  const [row] = await tx.sql<{ open: number }>("select count(*)::int as open from hauswart.sign_in_challenge where network = $1", [
    network,
  ]);
  return row?.open ?? 0;
}

const placeOf = (hash: Buffer) => ({ table: "sign_in_challenge", row: hash.toString("hex") });
