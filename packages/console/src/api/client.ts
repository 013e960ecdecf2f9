/** The console's way to the server: same origin, the session's cookie, and a header that other sites cannot send. */
import { createClient } from "@hauswart/protocol/api/client.ts";
import table from "virtual:route-table";
import { withStepUp } from "./step-up.ts";

/** Sent with every call: the server takes a cookie only together with it. */
export const requestHeaders = { "x-hauswart-request": "console" } as const;

export const api = withStepUp(createClient({ base: "", fetch: (url, init) => fetch(url, init), table, headers: requestHeaders }));
