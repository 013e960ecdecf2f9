/** One request to a receiver, and its answer as a person and a program need it. */
import { request as requestPlain, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { redactText } from "../operation/redact.ts";
import { version } from "../version.ts";
import { ForbiddenAddressError, literalAddress, lookupOf } from "../webhooks/address-rule.ts";
import type { ChannelRequest } from "./channel.ts";
import { problemOf, type Problem } from "./problem.ts";
import type { Reach } from "./reach.ts";

/** What came of it. `status` is null when no answer came. */
export interface PostResult {
  readonly isDelivered: boolean;
  readonly status: number | null;
  /** How the answer began, without what looks like a secret; empty when it came from the server's own network. */
  readonly answer: string;
  /** For a person; null when it was delivered. */
  readonly error: string | null;
  readonly problem: Problem | null;
}

/** A receiver puts the delivery aside and answers; what takes longer than this is done after answering. */
export const postTimeLimitMs = 10_000;
/** Enough to see what a receiver complains about; the rest of an answer may be endless. */
const answerBytes = 2_000;

/** Sends the body by POST. Redirects are not followed: the address was chosen by somebody who may choose it. Never throws. */
export async function post(
  { url, headers, body }: ChannelRequest,
  reach: Reach,
  timeLimitMs: number = postTimeLimitMs,
): Promise<PostResult> {
  try {
    const { status, answer } = await ask(
      new URL(url),
      { headers: { ...headers, "user-agent": `Hauswart/${version}` }, body: Buffer.from(body) },
      reach,
      timeLimitMs,
    );
    const shown = redactText(answer).trim().slice(0, 500);
    if (status >= 200 && status < 300) return { isDelivered: true, status, answer: shown, error: null, problem: null };
    const isRedirect = status >= 300 && status < 400;
    const error = isRedirect ? `answered with a redirect (${status}), which is not followed` : `answered with ${status}`;
    return { isDelivered: false, status, answer: shown, error, problem: "answer" };
  } catch (error) {
    const words = redactText(error instanceof Error ? error.message : String(error)).slice(0, 500);
    return { isDelivered: false, status: null, answer: "", error: words, problem: problemOf(error) };
  }
}

function ask(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
  { mayConnectTo, mayShowAnswerOf }: Reach,
  timeLimitMs: number,
): Promise<{ status: number; answer: string }> {
  const address = literalAddress(url);
  if (address !== undefined && !mayConnectTo(address)) return Promise.reject(new ForbiddenAddressError(address));
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(body.byteLength) },
    lookup: lookupOf(mayConnectTo),
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      const isShown = mayShowAnswerOf(response.socket.remoteAddress ?? "");
      const chunks: Buffer[] = [];
      let size = 0;
      const done = () => {
        clearTimeout(timer);
        response.destroy();
        resolve({
          status: response.statusCode ?? 0,
          answer: isShown ? Buffer.concat(chunks).subarray(0, answerBytes).toString("utf8") : "",
        });
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.byteLength;
        if (size >= answerBytes) done();
      });
      // The status counts, also when the rest of the answer breaks off.
      response.on("end", done).on("error", done).on("close", done);
    };
    const request = url.protocol === "https:" ? requestSecure(url, options, answered) : requestPlain(url, options, answered);
    const timer = setTimeout(() => {
      reject(new TimeLimitError(timeLimitMs));
      request.destroy();
    }, timeLimitMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}

class TimeLimitError extends Error {
  readonly code = "ETIMEDOUT";
  constructor(timeLimitMs: number) {
    super(`no answer within ${timeLimitMs / 1_000} seconds`);
  }
}
