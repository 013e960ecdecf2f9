/** One attempt to hand a delivery to its receiver. */
import { request as requestPlain, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { redactText } from "../operation/redact.ts";
import { version } from "../version.ts";
import { allowedLookup, ForbiddenAddressError, isForbiddenAddress, literalAddress } from "./address-rule.ts";

/** What came of it. `status` is null when no answer came. */
export interface PostResult {
  readonly isDelivered: boolean;
  readonly status: number | null;
  /** For a person; null when it was delivered. */
  readonly error: string | null;
}

/** A receiver puts the delivery aside and answers; what takes longer than this is done after answering. */
export const postTimeLimitMs = 10_000;

/** Sends the body by POST. Redirects are not followed: the address was chosen by somebody who may choose it. Never throws. */
export async function postDelivery(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeLimitMs: number = postTimeLimitMs,
): Promise<PostResult> {
  try {
    const status = await post(
      new URL(url),
      { ...headers, "content-type": "application/json", "user-agent": `Hauswart/${version}` },
      body,
      timeLimitMs,
    );
    if (status >= 200 && status < 300) return { isDelivered: true, status, error: null };
    return {
      isDelivered: false,
      status,
      error: status >= 300 && status < 400 ? `answered with a redirect (${status}), which is not followed` : `answered with ${status}`,
    };
  } catch (error) {
    return { isDelivered: false, status: null, error: redactText(error instanceof Error ? error.message : String(error)).slice(0, 500) };
  }
}

function post(url: URL, headers: Record<string, string>, body: string, timeLimitMs: number): Promise<number> {
  const address = literalAddress(url);
  if (address !== undefined && isForbiddenAddress(address)) return Promise.reject(new ForbiddenAddressError(address));
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
    lookup: allowedLookup,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      clearTimeout(timer);
      // Nothing in the answer but its status is of interest, and it may be endless.
      response.destroy();
      resolve(response.statusCode ?? 0);
    };
    const request = url.protocol === "https:" ? requestSecure(url, options, answered) : requestPlain(url, options, answered);
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeLimitMs / 1_000} seconds`));
      request.destroy();
    }, timeLimitMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}
