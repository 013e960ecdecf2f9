/** Every view and its address. Pages are loaded when they are first opened. */
import { ApiError } from "@hauswart/protocol/api/client.ts";
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { OverviewPage } from "../pages/overview/OverviewPage.tsx";
import { NotFound, PageError } from "./fallbacks.tsx";
import { oneOf, parseSearch, searchOf, text, writeSearch } from "./search.ts";
import { safeNext } from "./next.ts";
import { sessionQuery } from "./session.ts";
import { Shell } from "./Shell.tsx";

interface RouterContext {
  readonly queryClient: QueryClient;
}

/** What each view keeps in its address. */
const searches = {
  signIn: searchOf({ next: text, done: oneOf("invitation", "reset") }),
  calendar: searchOf({ day: text, with: text, site: text }),
  rounds: searchOf({ from: text, to: text, state: oneOf("done", "bad", "not-measurable", "late", "waiting") }),
  app: searchOf({ customer: text, enrol: oneOf("1") }),
  findings: searchOf({
    state: oneOf("current", "open", "acknowledged", "closed", "all"),
    changed: text,
    until: text,
    severity: oneOf("warning", "failure"),
    check: text,
    device: text,
    hold: oneOf("none", "maintenance", "cause"),
    drills: oneOf("without"),
    window: text,
    finding: text,
    sort: text,
    saved: text,
  }),
  devices: searchOf({
    search: text,
    state: oneOf("ok", "warning", "failure", "unknown"),
    tag: text,
    site: text,
    show: oneOf("not-measured", "unknown-checks", "open-findings", "removed"),
    sort: oneOf("name", "-name", "state", "-state", "customer", "-customer", "presence", "-presence"),
    saved: text,
  }),
  device: searchOf({ check: text, subject: text, field: text, range: oneOf("24h", "7d", "35d") }),
  list: searchOf({ sort: text, add: oneOf("1") }),
  recipients: searchOf({ sort: text, add: oneOf("1"), edit: text }),
  orders: searchOf({ state: oneOf("open", "accepted", "done", "declined"), order: text }),
  policy: searchOf({ check: text, instance: text, propose: text }),
  outbox: searchOf({
    state: oneOf("queued", "sent", "refused", "returned", "kept"),
    search: text,
    from: text,
    to: text,
    mail: text,
    view: oneOf("html", "text"),
    saved: text,
  }),
  users: searchOf({ sort: text, add: oneOf("1"), user: text }),
  webhooks: searchOf({ sort: text, add: oneOf("1"), webhook: text }),
  audit: searchOf({
    action: text,
    actor: text,
    kind: text,
    subject: text,
    search: text,
    from: text,
    to: text,
    entry: text,
    saved: text,
  }),
};

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: searches.signIn,
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.query({ ...sessionQuery(), staleTime: "static" }).catch(() => null);
    if (session) throw redirect({ href: safeNext(search.next) });
  },
  component: lazyRouteComponent(() => import("./door/SignInPage.tsx"), "SignInPage"),
});

/** Ways in that need no session: links from mails, the answer of another service. */
const doors = [
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in/forgot",
    component: lazyRouteComponent(() => import("./door/ForgotPage.tsx"), "ForgotPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in/oidc",
    component: lazyRouteComponent(() => import("./door/OidcPage.tsx"), "OidcPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in/break-glass",
    component: lazyRouteComponent(() => import("./door/BreakGlassPage.tsx"), "BreakGlassPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/invitation",
    component: lazyRouteComponent(() => import("./door/InvitationPage.tsx"), "InvitationPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/acknowledge",
    component: lazyRouteComponent(() => import("./door/AcknowledgePage.tsx"), "AcknowledgePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/digest",
    component: lazyRouteComponent(() => import("./door/DigestPage.tsx"), "DigestPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/password-reset",
    component: lazyRouteComponent(() => import("./door/PasswordResetPage.tsx"), "PasswordResetPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/email-change",
    component: lazyRouteComponent(() => import("./door/EmailChangePages.tsx"), "EmailChangePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/email-objection",
    component: lazyRouteComponent(() => import("./door/EmailChangePages.tsx"), "EmailObjectionPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/order",
    component: lazyRouteComponent(() => import("./door/OrderPage.tsx"), "OrderPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/drill",
    component: lazyRouteComponent(() => import("./door/DrillPage.tsx"), "DrillPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/verdict",
    component: lazyRouteComponent(() => import("./door/VerdictPage.tsx"), "VerdictPage"),
  }),
] as const;

/** Everything behind the sign-in. `customer` narrows the whole console to one customer; `enrol` opens the enrolment dialog. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  validateSearch: searches.app,
  search: { middlewares: [retainSearchParams(["customer"])] },
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.query({ ...sessionQuery(), staleTime: "static" });
    } catch (error) {
      if (error instanceof ApiError && error.code === "UNAUTHENTICATED")
        throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }
  },
  component: Shell,
  errorComponent: PageError,
});

const pages = [
  createRoute({ getParentRoute: () => app, path: "/", component: OverviewPage }),
  createRoute({
    getParentRoute: () => app,
    path: "/first-steps",
    component: lazyRouteComponent(() => import("../pages/first-steps/FirstStepsPage.tsx"), "FirstStepsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/findings",
    validateSearch: searches.findings,
    component: lazyRouteComponent(() => import("../pages/findings/FindingsPage.tsx"), "FindingsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/devices",
    validateSearch: searches.devices,
    component: lazyRouteComponent(() => import("../pages/devices/DevicesPage.tsx"), "DevicesPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/devices/$deviceId",
    validateSearch: searches.device,
    component: lazyRouteComponent(() => import("../pages/device/DevicePage.tsx"), "DevicePage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/customers",
    validateSearch: searches.list,
    component: lazyRouteComponent(() => import("../pages/customers/CustomersPage.tsx"), "CustomersPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/customers/$customerId",
    component: lazyRouteComponent(() => import("../pages/customers/CustomerPage.tsx"), "CustomerPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/contacts",
    component: lazyRouteComponent(() => import("../pages/care/ContactsPage.tsx"), "ContactsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/orders",
    validateSearch: searches.orders,
    component: lazyRouteComponent(() => import("../pages/care/OrdersPage.tsx"), "OrdersPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/policies",
    validateSearch: searches.list,
    component: lazyRouteComponent(() => import("../pages/policies/PoliciesPage.tsx"), "PoliciesPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/noise",
    validateSearch: searches.list,
    component: lazyRouteComponent(() => import("../pages/noise/NoisePage.tsx"), "NoisePage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/policies/$policyId",
    validateSearch: searches.policy,
    component: lazyRouteComponent(() => import("../pages/policies/PolicyPage.tsx"), "PolicyPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/maintenance",
    component: lazyRouteComponent(() => import("../pages/maintenance/MaintenancePage.tsx"), "MaintenancePage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/on-call",
    component: lazyRouteComponent(() => import("../pages/on-call/OnCallPage.tsx"), "OnCallPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/recipients",
    validateSearch: searches.recipients,
    component: lazyRouteComponent(() => import("../pages/mail/RecipientsPage.tsx"), "RecipientsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/outbox",
    validateSearch: searches.outbox,
    component: lazyRouteComponent(() => import("../pages/mail/OutboxPage.tsx"), "OutboxPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/api-keys",
    validateSearch: searches.list,
    component: lazyRouteComponent(() => import("../pages/access/ApiKeysPage.tsx"), "ApiKeysPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/webhooks",
    validateSearch: searches.webhooks,
    component: lazyRouteComponent(() => import("../pages/access/WebhooksPage.tsx"), "WebhooksPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/audit",
    validateSearch: searches.audit,
    component: lazyRouteComponent(() => import("../pages/access/AuditPage.tsx"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/users",
    validateSearch: searches.users,
    component: lazyRouteComponent(() => import("../pages/people/UsersPage.tsx"), "UsersPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/account",
    component: lazyRouteComponent(() => import("../pages/account/AccountPage.tsx"), "AccountPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/agents",
    component: lazyRouteComponent(() => import("../pages/agents/AgentsPage.tsx"), "AgentsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/calendars",
    component: lazyRouteComponent(() => import("../pages/calendars/CalendarsPage.tsx"), "CalendarsPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/calendars/$calendarId",
    validateSearch: searches.calendar,
    component: lazyRouteComponent(() => import("../pages/calendars/view/CalendarPage.tsx"), "CalendarPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/rounds/$check",
    validateSearch: searches.rounds,
    component: lazyRouteComponent(() => import("../pages/rounds/RoundRecordsPage.tsx"), "RoundRecordsPage"),
  }),
  createRoute({ getParentRoute: () => app, path: "$", component: NotFound }),
  createRoute({
    getParentRoute: () => app,
    path: "/settings",
    component: lazyRouteComponent(() => import("../pages/settings/SettingsPage.tsx"), "SettingsPage"),
  }),
] as const;

const routeTree = root.addChildren([signIn, ...doors, app.addChildren(pages)]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: "intent",
    defaultErrorComponent: PageError,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
