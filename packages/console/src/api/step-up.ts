/**
 * Dangerous changes want a fresh proof that the person at the keyboard is the one who signed in. The server answers them with
 * STEP_UP_REQUIRED; whoever called waits while the reader proves it, and the call is made once more.
 */
import { ApiError, type Client } from "@hauswart/protocol/api/client.ts";

/** Asks the reader. Resolves to true when the proof was given, false when the reader would rather not. */
type Ask = () => Promise<boolean>;

let ask: Ask | undefined;
let asking: Promise<boolean> | undefined;

/** Says who asks the reader. @returns a function that takes it back. */
export function answerStepUp(handler: Ask): () => void {
  ask = handler;
  return () => {
    if (ask === handler) ask = undefined;
  };
}

/** Calls that come while the reader is being asked wait for the same answer. */
function prove(): Promise<boolean> {
  asking ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asking = undefined;
  });
  return asking;
}

/** Whether the reader is being asked right now: the dialog below stays open until there is an answer. */
export const isProofAsked = (): boolean => asking !== undefined;

/** The client, with calls that need a proof repeated once it was given. Without one the call fails with STEP_UP_REQUIRED. */
export function withStepUp(client: Client): Client {
  const call = client as unknown as (...request: unknown[]) => Promise<unknown>;
  const repeated = async (...request: unknown[]) => {
    try {
      return await call(...request);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "STEP_UP_REQUIRED" || !(await prove())) throw error;
      return call(...request);
    }
  };
  return repeated as unknown as Client;
}
