/** The places of the console, for rail and palette alike. */
import {
  AtSign,
  Bell,
  BellRing,
  BellOff,
  Building2,
  CalendarCog,
  CalendarClock,
  Inbox,
  KeyRound,
  LayoutDashboard,
  MonitorDot,
  PhoneCall,
  Rocket,
  ScrollText,
  SlidersHorizontal,
  Settings,
  Users,
  Webhook,
  Wrench,
  type LucideIcon,
} from "lucide-react";
import type { Texts } from "../texts/texts.tsx";

export interface Place {
  readonly to:
    | "/"
    | "/findings"
    | "/contacts"
    | "/orders"
    | "/devices"
    | "/maintenance"
    | "/customers"
    | "/policies"
    | "/on-call"
    | "/noise"
    | "/recipients"
    | "/outbox"
    | "/api-keys"
    | "/webhooks"
    | "/audit"
    | "/agents"
    | "/calendars"
    | "/settings"
    | "/users";
  readonly icon: LucideIcon;
  readonly label: (texts: Texts) => string;
  /** Shown only to whoever may see what is there. */
  readonly needs?: "access:read";
}

export const places: readonly Place[] = [
  { to: "/", icon: LayoutDashboard, label: ({ shell }) => shell.overview },
  { to: "/findings", icon: Bell, label: ({ shell }) => shell.findings },
  { to: "/contacts", icon: PhoneCall, label: ({ care }) => care.contacts },
  { to: "/orders", icon: Wrench, label: ({ care }) => care.orders },
  { to: "/devices", icon: MonitorDot, label: ({ shell }) => shell.devices },
  { to: "/customers", icon: Building2, label: ({ shell }) => shell.customers },
  { to: "/policies", icon: SlidersHorizontal, label: ({ shell }) => shell.policies },
  { to: "/maintenance", icon: CalendarCog, label: ({ shell }) => shell.maintenance },
  { to: "/noise", icon: BellOff, label: ({ noise }) => noise.title },
];

export const settingsPlaces: readonly Place[] = [
  { to: "/users", icon: Users, label: ({ shell }) => shell.users, needs: "access:read" },
  { to: "/on-call", icon: BellRing, label: ({ routing }) => routing.title },
  { to: "/recipients", icon: AtSign, label: ({ shell }) => shell.recipients },
  { to: "/outbox", icon: Inbox, label: ({ shell }) => shell.outbox },
  { to: "/webhooks", icon: Webhook, label: ({ shell }) => shell.webhooks },
  { to: "/api-keys", icon: KeyRound, label: ({ shell }) => shell.apiKeys, needs: "access:read" },
  { to: "/audit", icon: ScrollText, label: ({ shell }) => shell.audit },
  { to: "/calendars", icon: CalendarClock, label: ({ calendars }) => calendars.title },
  { to: "/agents", icon: Rocket, label: ({ shell }) => shell.agents },
  { to: "/settings", icon: Settings, label: ({ shell }) => shell.settings },
];
