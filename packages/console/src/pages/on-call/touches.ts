import type { RouteName } from "@hauswart/protocol/api/routes.ts";

/** Answers that speak of who is on call. */
export const rotaTouches = ["listRotas", "getRotaCalendar", "getOnCall", "previewRouting"] as const satisfies readonly RouteName[];
/** Answers that speak of who is told next. */
export const planTouches = ["listEscalationPlans", "previewRouting"] as const satisfies readonly RouteName[];
