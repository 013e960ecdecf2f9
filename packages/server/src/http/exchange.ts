/** What is known of a request while it passes the gates. */
import type { AnyRoute } from "@hauswart/protocol/api/route.ts";
import type { Server } from "bun";
import type { Context as HonoContext } from "hono";
import type { Context } from "../context.ts";
import type { Services } from "../services.ts";
import type { KnownTokens } from "./known-tokens.ts";
import type { RequestLimits } from "./request-limits.ts";

export interface Environment {
  Bindings: {
    readonly server: Server<unknown>;
  };
  Variables: {
    services: Services;
    limits: RequestLimits;
    knownTokens: KnownTokens;
    requestId: string;
    /** Network address of the caller, proxies that are trusted looked through. */
    address: string;
    /** Name of the route, or what else was asked for; for log and metrics, never with values in it. */
    routeName: string;
    route: AnyRoute;
    token: string | undefined;
    /** How the token came. */
    tokenFrom: "header" | "cookie" | undefined;
    /** Set once somebody is signed in. */
    ctx: Context | undefined;
    /** Parsed parameters, query and body. */
    input: Record<string, unknown>;
  };
}

export type Exchange = HonoContext<Environment>;

/** Marks a request as coming from the console's own code: another site cannot set it without being asked for permission. */
export const consoleHeader = "x-hauswart-request";
export const consoleMark = "console";
