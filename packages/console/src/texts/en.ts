/** All texts of the console in English. */
import type { Texts } from "./de.ts";
import { apiKeys, audit, settings, webhooks } from "./en/access.ts";
import { account, door, factors, sessions } from "./en/account.ts";
import { agents } from "./en/agents.ts";
import { calendarView } from "./en/calendar-view.ts";
import { calendars, rounds } from "./en/calendars.ts";
import { care } from "./en/care.ts";
import { drills } from "./en/drills.ts";
import { customers, enrol } from "./en/customers.ts";
import { answers, commands, firstSteps, keys, print } from "./en/daily.ts";
import { collectFailures, device, devices, failureDetails, overview, presence, timeline, unknownReasons } from "./en/devices.ts";
import { findings } from "./en/findings.ts";
import { errors, palette, shell, signIn, states, stateSums, table } from "./en/general.ts";
import { maintenance } from "./en/maintenance.ts";
import { outbox, recipients } from "./en/mail.ts";
import { customerReach, roles, signInSettings, users } from "./en/people.ts";
import { noise } from "./en/noise.ts";
import { policies } from "./en/policies.ts";
import { replay } from "./en/replay.ts";
import { routing } from "./en/routing.ts";
import { views } from "./en/views.ts";

export const en = {
  states,
  stateSums,
  shell,
  signIn,
  palette,
  table,
  errors,
  overview,
  devices,
  device,
  presence,
  unknownReasons,
  collectFailures,
  failureDetails,
  timeline,
  findings,
  keys,
  firstSteps,
  answers,
  commands,
  print,
  calendars,
  calendarView,
  rounds,
  care,
  drills,
  customers,
  enrol,
  noise,
  policies,
  replay,
  views,
  recipients,
  routing,
  outbox,
  apiKeys,
  webhooks,
  agents,
  maintenance,
  audit,
  settings,
  roles,
  customerReach,
  signInSettings,
  users,
  account,
  factors,
  sessions,
  door,
} satisfies Texts;
