/** The HTTP server: API, console, agents' endpoint and figures on one port. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { EnrolRequest } from "@hauswart/protocol/wire/messages.ts";
import { agentLinkPath, enrolPath, releaseFilePrefix } from "@hauswart/protocol/wire/versions.ts";
import type { Server, TLSOptions } from "bun";
import type { AgentGateway } from "../gateway/agent-gateway.ts";
import type { AgentLink } from "../gateway/agent-link.ts";
import { enrolDevice } from "../gateway/enrol-device.ts";
import type { Services } from "../services.ts";
import type { Settings } from "../settings.ts";
import { answerReleaseFile } from "../updates/answer-release-file.ts";
import { answerAuthority, authorityPath } from "../install/authority-file.ts";
import { downloadPath } from "../install/installers.ts";
import { answerDownload } from "./agent-downloads.ts";
import { callerOf, makeApp } from "./app.ts";
import { bearerOf, findToken, sameSite } from "./gates.ts";
import { clientAddress, trustedProxies } from "./client-address.ts";
import type { Exchange } from "./exchange.ts";
import { limitRefusals } from "./limit-refusals.ts";
import { addressesOf } from "./listen.ts";
import { answerMetrics } from "./metrics-endpoint.ts";
import { problemResponse } from "./problem.ts";
import type { VerbTable } from "./registry.ts";
import { consoleDirectory, staticFiles } from "./static-files.ts";

/** Largest enrolment request, bytes. */
const enrolLimitBytes = 16 * 1024;
/** Hard limit of any request's body, bytes: Bun breaks off what is larger, before the gates see it. */
const hardLimitBytes = 4 * 1024 * 1024;
/** A connection on which nothing moves is closed after this, seconds. The live stream's sign of life comes more often. */
const idleTimeoutSeconds = 60;

export interface HttpServerParts {
  readonly gateway: Pick<AgentGateway, "upgrade" | "websocket">;
  readonly verbs: VerbTable;
  /** Folder of the built console. Default: packages/console/dist. */
  readonly consoleDirectory?: string;
}

/** Options for `Bun.serve`. */
export interface HttpServerOptions {
  readonly hostname: string;
  readonly port: number;
  readonly tls?: TLSOptions;
  readonly idleTimeout: number;
  readonly maxRequestBodySize: number;
  fetch(request: Request, server: Server<AgentLink>): Response | Promise<Response> | Promise<Response | undefined> | undefined;
  readonly websocket: AgentGateway["websocket"];
  /** Bun's own pages for errors show the server's source. */
  readonly development: false;
  error(error: Error): Response;
}

/** Puts the HTTP server together; `listen` opens its port. */
export async function createHttpServer(
  services: Services,
  { gateway, verbs, consoleDirectory: directory = consoleDirectory }: HttpServerParts,
): Promise<HttpServerOptions> {
  const files = await staticFiles(directory);
  const proxies = trustedProxies(services.settings.trustedProxies);
  const app = makeApp(services, verbs, (exchange) => answerOther(exchange, (request) => files.answer(request)));
  return {
    hostname: addressesOf(services.settings.host)[0]!,
    port: services.settings.port,
    ...tlsOf(services.settings),
    idleTimeout: idleTimeoutSeconds,
    maxRequestBodySize: hardLimitBytes,
    fetch: (request, server) => {
      if (new URL(request.url).pathname === agentLinkPath) {
        const address = clientAddress(proxies, server.requestIP(request)?.address ?? "", request.headers.get("x-forwarded-for"));
        return gateway.upgrade(request, server, address);
      }
      return app.fetch(request, { server });
    },
    websocket: gateway.websocket,
    development: false,
    // The application answers its own errors; this is for what fails before it, such as an address that is none.
    error: (error) => {
      const requestId = crypto.randomUUID();
      services.log.error("a request failed before it reached the application", { requestId, error });
      return problemResponse(new HauswartError("INTERNAL"), requestId);
    },
  };
}

/** What is not part of the API: figures, enrolment and programs of agents, the console. */
async function answerOther(exchange: Exchange, answerFile: (request: Request) => Response): Promise<Response> {
  const { path } = exchange.req;
  if (path === "/metrics") {
    exchange.set("routeName", "metrics");
    const [services, request, address] = [exchange.get("services"), exchange.req.raw, exchange.get("address")];
    return limitRefusals(exchange, "refused", bearerOf(request.headers.get("authorization")), () =>
      answerMetrics(services, request, address),
    );
  }
  if (path === enrolPath) {
    exchange.set("routeName", "enrol");
    return enrol(exchange);
  }
  if (path.startsWith(downloadPath)) {
    exchange.set("routeName", "download");
    return download(exchange);
  }
  if (path === authorityPath) {
    exchange.set("routeName", "authority");
    return answerAuthority(exchange.req.raw, exchange.get("services").ownAuthority);
  }
  if (path.startsWith(releaseFilePrefix)) {
    exchange.set("routeName", "release");
    return answerReleaseFile(exchange.get("services"), exchange.req.raw);
  }
  if (path.startsWith("/agent/")) throw new HauswartError("NOT_FOUND");
  exchange.set("routeName", "console");
  return answerFile(exchange.req.raw);
}

/** Errors: those of `answerDownload`, CROSS_SITE_REQUEST. */
async function download(exchange: Exchange): Promise<Response> {
  let answer: Response | undefined;
  await findToken(exchange, () =>
    Promise.resolve(
      sameSite(exchange, async () => {
        answer = await limitRefusals(exchange, "refused", exchange.get("token"), () =>
          answerDownload(exchange.req.raw, callerOf(exchange)),
        );
      }),
    ).then(() => {}),
  );
  return answer!;
}

async function enrol(exchange: Exchange): Promise<Response> {
  if (exchange.req.method !== "POST") throw new HauswartError("METHOD_NOT_ALLOWED", undefined, { allow: ["POST"] });
  const parsed = EnrolRequest.safeParse(await smallJson(exchange.req.raw));
  if (!parsed.success)
    throw new HauswartError("MESSAGE_MALFORMED", undefined, {
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    });
  // A site of a thousand computers enrols them within minutes.
  const answer = await limitRefusals(exchange, "enrolment", parsed.data.token, () =>
    enrolDevice({ caller: callerOf(exchange), input: parsed.data }),
  );
  return Response.json(answer, { headers: { "cache-control": "no-store" } });
}

async function smallJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > enrolLimitBytes) throw new HauswartError("TOO_LARGE");
  const text = await request.text();
  if (text.length > enrolLimitBytes) throw new HauswartError("TOO_LARGE");
  try {
    return JSON.parse(text);
  } catch {
    throw new HauswartError("MESSAGE_MALFORMED", "The body is not valid JSON.");
  }
}

function tlsOf({ tls }: Settings): { tls?: TLSOptions } {
  return tls.kind === "certificate" ? { tls: { cert: Bun.file(tls.certificatePath), key: Bun.file(tls.keyPath) } } : {};
}
