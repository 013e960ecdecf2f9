/**
 * Enrolment: trades a token for a device id. The agent makes a key of its own and shows that it holds it; the server's
 * signed receipt names the key that is pinned from now on.
 */
import { EnrolResponse, type Computer, type EnrolRequest } from "@hauswart/protocol/wire/messages.ts";
import { enrolmentProof, enrolmentReceipt } from "@hauswart/protocol/wire/proofs.ts";
import * as z from "zod/mini";
import { chooseProxy, type ProxyEnvironment } from "../proxy/proxy-choice.ts";
import { proxiesFor } from "../proxy/proxies.ts";
import type { DataDirectory } from "../state/data-directory.ts";
import { bufferFolder, enrolmentFileName, readEnrolment, type Enrolment } from "../state/enrolment.ts";
import { keyFileName, makeKey, verifierOf } from "./key.ts";
import { serverAddress } from "./server-address.ts";
import { trusting } from "./trusted-certificates.ts";

/** Why enrolment did not succeed, for the person at the keyboard. */
export class EnrolError extends Error {
  override readonly name = "EnrolError";
  /** The server has said no, and would say so again. */
  readonly isRefusal: boolean;
  constructor(message: string, isRefusal = false) {
    super(message);
    this.isRefusal = isRefusal;
  }
}

export interface EnrolOptions {
  readonly data: DataDirectory;
  readonly server: string;
  readonly token: string;
  /** What people shall call the device; the host name when left out. */
  readonly name?: string;
  readonly proxy?: string;
  readonly certificates?: string;
  readonly environment: ProxyEnvironment;
  readonly computer: Computer;
  readonly now: number;
}

const answerLimitMs = 30_000;
const answerLimitBytes = 64 * 1024;

const Problem = z.object({ code: z.optional(z.string()), title: z.optional(z.string()), detail: z.optional(z.string()) });

/**
 * Enrols and stores what came of it. An agent that was enrolled before gets a new key and a new identity.
 * @throws EnrolError, AddressError, ProxyError
 */
export async function enrol(options: EnrolOptions): Promise<Enrolment> {
  const { data, token, now } = options;
  const { server, enrolUrl } = serverAddress(options.server);
  const { key, pem } = await makeKey();
  const request: EnrolRequest = {
    token,
    publicKey: key.publicKey,
    signature: await key.sign(enrolmentProof(token, key.publicKey)),
    ...(options.name === undefined ? {} : { name: options.name }),
    computer: options.computer,
  };
  const { deviceId, serverPublicKey, signature } = await ask(enrolUrl, request, options);
  const isReceipt = await verifierOf(serverPublicKey).then((verify) => verify(enrolmentReceipt(deviceId, key.publicKey), signature));
  if (!isReceipt) throw new EnrolError("The server's receipt does not fit the key that it names. Nothing was stored.");

  const before = readBefore(data);
  const enrolment: Enrolment = {
    server,
    deviceId,
    serverPublicKey,
    keyFile: keyFileName(key.publicKey),
    enrolledAt: now,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    ...(options.certificates === undefined ? {} : { certificates: options.certificates }),
    ...(before?.bufferLimitMebibytes === undefined ? {} : { bufferLimitMebibytes: before.bufferLimitMebibytes }),
  };
  data.ensure();
  data.writeText(enrolment.keyFile, pem);
  data.writeText(enrolmentFileName, JSON.stringify(enrolment, null, 2));
  if (before && before.keyFile !== enrolment.keyFile) data.remove(before.keyFile);
  // Samples of the old identity name check instances that the new one does not have.
  if (before && before.deviceId !== deviceId) data.remove(bufferFolder(before.deviceId));
  return enrolment;
}

/** What was there before; a damaged file is no reason not to enrol anew. */
function readBefore(data: DataDirectory): Enrolment | undefined {
  try {
    return readEnrolment(data);
  } catch {
    return undefined;
  }
}

async function ask(url: string, request: EnrolRequest, { proxy, certificates, environment }: EnrolOptions): Promise<EnrolResponse> {
  const proxies = await proxiesFor(chooseProxy(url, proxy, environment), url)();
  let response: Response | undefined;
  let problem = "";
  for (const through of proxies) {
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        redirect: "error",
        signal: AbortSignal.timeout(answerLimitMs),
        ...(through ? { proxy: through } : {}),
        ...trusting(certificates),
      });
      break;
    } catch (error) {
      problem = `${error instanceof Error ? error.message : String(error)}${through ? ` (through the proxy ${new URL(through).host})` : ""}`;
    }
  }
  if (!response) throw new EnrolError(`The server at ${new URL(url).origin} cannot be reached: ${problem}`);
  const text = (await response.text()).slice(0, answerLimitBytes);
  if (!response.ok) throw new EnrolError(refusal(response.status, text), isFinal(response.status));
  const parsed = EnrolResponse.safeParse(parseJson(text));
  if (!parsed.success) throw new EnrolError(`${new URL(url).origin} answers, but not as a Hauswart server does.`);
  return parsed.data;
}

/** Asked again, a server that is busy or ails may agree; one that knows the token no longer will not. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function refusal(status: number, text: string): string {
  const problem = Problem.safeParse(parseJson(text));
  const { code, title, detail } = problem.success ? problem.data : {};
  const words = [title, detail].filter(Boolean).join(" ") || "It gave no reason.";
  return `The server refused the enrolment (${code ?? `status ${status}`}). ${words}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
