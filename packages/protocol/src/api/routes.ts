/** Every route of /api/v1. Grouped by what they speak of; the server has one verb per route, under the same name. */
import type { InputOf, ResultOf } from "./route.ts";
import { accessRoutes } from "./routes/access.ts";
import { agentReleasesRoutes } from "./routes/agent-releases.ts";
import { customerCareRoutes } from "./routes/customer-care.ts";
import { calendarsRoutes } from "./routes/calendars.ts";
import { dailyRoutes } from "./routes/daily.ts";
import { devicesRoutes } from "./routes/devices.ts";
import { factorsRoutes } from "./routes/factors.ts";
import { findingsRoutes } from "./routes/findings.ts";
import { houseRoutes } from "./routes/house.ts";
import { maintenanceRoutes } from "./routes/maintenance.ts";
import { operationRoutes } from "./routes/operation.ts";
import { peopleRoutes } from "./routes/people.ts";
import { policiesRoutes } from "./routes/policies.ts";
import { roundsRoutes } from "./routes/rounds.ts";
import { routingRoutes } from "./routes/routing.ts";
import { tellingRoutes } from "./routes/telling.ts";
import { tenancyRoutes } from "./routes/tenancy.ts";
import { viewsRoutes } from "./routes/views.ts";

export const routes = {
  ...operationRoutes,
  ...accessRoutes,
  ...peopleRoutes,
  ...factorsRoutes,
  ...tenancyRoutes,
  ...devicesRoutes,
  ...findingsRoutes,
  ...maintenanceRoutes,
  ...policiesRoutes,
  ...routingRoutes,
  ...tellingRoutes,
  ...houseRoutes,
  ...dailyRoutes,
  ...viewsRoutes,
  ...agentReleasesRoutes,
  ...customerCareRoutes,
  ...calendarsRoutes,
  ...roundsRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
/** Routes that anybody may call, signed in or not. */
export type PublicRouteName = { [Name in RouteName]: Routes[Name]["scope"] extends "none" ? Name : never }[RouteName];

/** Input of the verb behind a route: `Verb<Input<"listDevices">>`. */
export type Input<Name extends RouteName> = InputOf<Routes[Name]>;
/** Result of the verb behind a route: `Promise<Result<"listDevices">>`. */
export type Result<Name extends RouteName> = ResultOf<Routes[Name]>;
