/** All texts of the console in German. Its shape is the shape of every language. */
import { apiKeys, audit, settings, webhooks } from "./de/access.ts";
import { account, door, factors, sessions } from "./de/account.ts";
import { agents } from "./de/agents.ts";
import { calendarView } from "./de/calendar-view.ts";
import { calendars, rounds } from "./de/calendars.ts";
import { care } from "./de/care.ts";
import { drills } from "./de/drills.ts";
import { customers, enrol } from "./de/customers.ts";
import { answers, commands, firstSteps, keys, print } from "./de/daily.ts";
import { collectFailures, device, devices, failureDetails, overview, presence, timeline, unknownReasons } from "./de/devices.ts";
import { findings } from "./de/findings.ts";
import { errors, palette, shell, signIn, states, stateSums, table } from "./de/general.ts";
import { maintenance } from "./de/maintenance.ts";
import { outbox, recipients } from "./de/mail.ts";
import { customerReach, roles, signInSettings, users } from "./de/people.ts";
import { noise } from "./de/noise.ts";
import { policies } from "./de/policies.ts";
import { replay } from "./de/replay.ts";
import { routing } from "./de/routing.ts";
import { views } from "./de/views.ts";

export const de = {
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
};

export type Texts = typeof de;
