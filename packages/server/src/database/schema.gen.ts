/** Tables as Kysely knows them. Made by tools/database-types.ts from the migrations; do not edit. */
import type { ColumnType, Generated } from "kysely";

/** Read as a Date; written as a Date or an ISO text. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** Read as a number (a BigInt beyond 2^53, which no column here reaches). */
type Bigint = ColumnType<number, number | bigint, number | bigint>;
/** Read as what it holds; written as JSON text, see `json` in query.ts. */
type Json = ColumnType<unknown, string, string>;

export interface AccountTable {
  provider_id: string;
  account_id: string;
  email: string;
  name: string;
  role: "owner" | "administrator" | "technician" | "read-only";
  language: Generated<"de" | "en">;
  password_hash: string | null;
  created_at: Generated<Timestamp>;
  last_visit_at: Timestamp | null;
  reach: Generated<"all" | "include" | "exclude">;
  customer_ids: Generated<string[]>;
  disabled_at: Timestamp | null;
  visit_before_at: Timestamp | null;
  visit_seen_at: Timestamp | null;
  unreachable: Json | null;
  reach_from_issuer: string | null;
}

export interface AccountTotpTable {
  provider_id: string;
  account_id: string;
  secret: Buffer;
  confirmed_at: Timestamp | null;
  last_step: Generated<Bigint>;
  created_at: Timestamp;
}

export interface AgentRolloutTable {
  provider_id: string;
  version: string;
  state: "running" | "paused" | "halted" | "finished";
  stage: "canary" | "early" | "all";
  failed_devices: number | null;
  ended_devices: number | null;
  started_at: Timestamp;
  stage_since: Timestamp;
  judged_from: Timestamp;
}

export interface AlarmDrillTable {
  provider_id: string;
  drill_id: string;
  customer_id: string;
  device_id: string;
  device_name: string;
  policy_id: string;
  month: string | null;
  started_by: string;
  started_at: Timestamp;
  finding_id: string | null;
  measured_at: Timestamp | null;
  found_at: Timestamp | null;
  mailed_at: Timestamp | null;
  accepted_at: Timestamp | null;
  confirmed_at: Timestamp | null;
  confirmed_mail_id: string | null;
  confirmed_by: string | null;
  confirmed_from: string | null;
  ended_at: Timestamp | null;
  result: "done" | "failed" | null;
  reason: string | null;
  cleared_at: Timestamp | null;
}

export interface ApiKeyTable {
  provider_id: string;
  api_key_id: string;
  name: string;
  key_hash: Buffer;
  scopes: string[];
  customer_ids: string[] | null;
  created_by: string;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
}

export interface AuditEntryTable {
  provider_id: string;
  audit_entry_id: string;
  customer_id: string | null;
  at: Generated<Timestamp>;
  written_by: Generated<string>;
  actor: Json;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: Generated<Json>;
  hash: Buffer;
  position: Bigint | null;
  erased_at: Timestamp | null;
}

export interface AuditSealTable {
  provider_id: string;
  seal_number: Bigint;
  first_position: Bigint;
  last_position: Bigint;
  previous_head: Buffer;
  head: Buffer;
  root: Buffer;
  customer_roots: Json;
  sealed_at: Generated<Timestamp>;
  forgotten_at: Timestamp | null;
}

export interface BackupRunTable {
  backup_run_id: string;
  occasion: "schedule" | "command";
  started_at: Timestamp;
  finished_at: Timestamp | null;
  outcome: "succeeded" | "failed" | null;
  file: string | null;
  file_bytes: Bigint | null;
  is_encrypted: Generated<boolean>;
  problem: string | null;
}

export interface BreakGlassCodeTable {
  provider_id: string;
  break_glass_code_id: string;
  account_id: string;
  code_hash: Buffer;
  created_at: Timestamp;
  expires_at: Timestamp;
  used_at: Timestamp | null;
}

export interface CalendarTable {
  provider_id: string;
  calendar_id: string;
  name: string;
  hours: Json;
  working_days: number[];
  holiday_set_id: string | null;
  half_days_work: Generated<boolean>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface CalendarAssignmentTable {
  provider_id: string;
  purpose: "service" | "acceptance" | "quiet" | "patch";
  scope: "provider" | "customer" | "site";
  scope_id: string;
  customer_id: string | null;
  calendar_id: string;
}

export interface CheckHistoryTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  customer_id: string;
  fields: string[];
  subjects: string[];
  point_times: number[];
  point_values: number[];
}

export interface CheckInstanceTable {
  provider_id: string;
  device_id: string;
  number: number;
  customer_id: string;
  check_id: string;
  instance: Generated<string>;
  enabled: Generated<boolean>;
  every_seconds: number;
  daily_at_hour: number | null;
  failures_before_finding: Generated<number>;
  selection: Generated<Json>;
  selection_version: Generated<number>;
  judgement: Generated<Json>;
  settings_key: Generated<string>;
  sources: Generated<Json>;
  state: Generated<"ok" | "warning" | "failure" | "unknown">;
  unknown_reason: string | null;
  unknown_detail: string | null;
  state_since: Timestamp | null;
  verdicts: Generated<Json>;
  damping: Generated<Json>;
  judged_key: string | null;
  judged_calendar: string | null;
}

export interface CheckSettingsTable {
  provider_id: string;
  settings_key: string;
  check_id: string;
  instance: string;
  every_seconds: number;
  daily_at_hour: number | null;
  failures_before_finding: number;
  judgement: Json;
  damping: Json;
}

export interface CheckSettingsPeriodTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  noted_at: Timestamp;
  customer_id: string;
  after_at: Timestamp | null;
  settings_key: string;
  kind: "started" | "continued" | "rejudged";
  calendar_key: string | null;
}

export interface ContactTable {
  provider_id: string;
  contact_id: string;
  customer_id: string;
  finding_id: string;
  title: string;
  device_name: string | null;
  channel: "telephone" | "mail" | "in-person" | "other";
  partner: string;
  at: Timestamp;
  reached: boolean;
  agreed: string;
  next_step: string;
  next_due_at: Timestamp | null;
  next_done_at: Timestamp | null;
  recorded_by: string;
  next_within_minutes: number | null;
}

export interface CustomerTable {
  provider_id: string;
  customer_id: string;
  name: string;
  language: Generated<"de" | "en">;
  time_zone: string | null;
  created_at: Generated<Timestamp>;
  terms: Generated<Json>;
  alarm_drill_since: Timestamp | null;
  asks_signed_in: Generated<boolean>;
}

export interface CustomerErasureTable {
  provider_id: string;
  erasure_id: string;
  erased_id: string;
  name: string | null;
  requested_by: string;
  requested_at: Timestamp;
  claimed_until: Timestamp | null;
  steps_done: Generated<number>;
  steps_total: Generated<number>;
  rows_deleted: Generated<Bigint>;
  last_error: string | null;
  finished_at: Timestamp | null;
}

export interface DailyMailTable {
  provider_id: string;
  customer_id: string;
  day: string;
  due_at: Timestamp;
  written_at: Timestamp;
  told: Json;
  mail_ids: string[];
}

export interface DailyMailReaderTable {
  provider_id: string;
  customer_id: string;
  address: string;
  unreachable: Json | null;
}

export interface DeliveryTable {
  provider_id: string;
  delivery_id: string;
  webhook_id: string | null;
  customer_id: string | null;
  event: string;
  body: string;
  state: "queued" | "delivered" | "failed";
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_status: number | null;
  last_error: string | null;
  created_at: Generated<Timestamp>;
  claimed_until: Timestamp | null;
  channel: Generated<"webhook" | "teams" | "ntfy" | "push">;
  recipient_id: string | null;
  push_subscription_id: string | null;
  is_test: Generated<boolean>;
  finding_ids: Generated<string[]>;
  problem: string | null;
  answer: string | null;
}

export interface DeviceTable {
  provider_id: string;
  device_id: string;
  customer_id: string;
  site_id: string;
  name: string;
  hostname: string;
  kind: Generated<"agent" | "measured">;
  role: "workstation" | "server";
  system: "linux" | "darwin" | "win32";
  system_name: Generated<string>;
  system_version: Generated<string>;
  architecture: Generated<string>;
  agent_version: Generated<string>;
  tags: Generated<string[]>;
  lifecycle: Generated<"active" | "quarantined" | "revoked">;
  public_key: Buffer | null;
  fingerprint: string | null;
  agent_checks: Generated<Json>;
  booted_at: Timestamp | null;
  enrolled_at: Generated<Timestamp>;
  next_check_number: Generated<number>;
  configuration_revision: Generated<Bigint>;
  revoked_at: Timestamp | null;
  remove_agent: Generated<boolean>;
  name_key: Generated<string>;
  search_text: Generated<string>;
  depends_on_device_id: string | null;
  local_addresses: Generated<string[]>;
  looks_for_neighbours: Generated<boolean>;
  gateway_addresses: Generated<string[]>;
  gateway_cards: Generated<string[]>;
}

export interface DeviceLinkTable {
  provider_id: string;
  device_id: string;
  customer_id: string;
  epoch: Generated<Bigint>;
  process_id: string | null;
  stream_id: string | null;
  last_sequence: Generated<Bigint>;
  last_hash: Buffer | null;
  connected_at: Timestamp | null;
  disconnected_at: Timestamp | null;
  last_seen_at: Timestamp | null;
  goodbye: string | null;
  goodbye_at: Timestamp | null;
  clock_offset_ms: number | null;
  dropped_samples: Generated<Bigint>;
  check_numbers: Generated<number[]>;
  evidence_at: Generated<Date[]>;
  fact_numbers: Generated<number[]>;
  value_counts: Generated<number[]>;
  latest: Generated<number[]>;
  slept_from: Timestamp | null;
  slept_until: Timestamp | null;
}

export interface DeviceSignedInTable {
  provider_id: string;
  device_id: string;
  customer_id: string;
  epoch: Bigint;
  told_at: Timestamp;
  people: Json;
  others: number;
}

export interface DeviceStateTable {
  provider_id: string;
  device_id: string;
  customer_id: string;
  ok: Generated<number>;
  warning: Generated<number>;
  failure: Generated<number>;
  unknown: Generated<number>;
  state: Generated<string>;
  valid_from: Generated<Timestamp>;
  valid_until: Generated<Timestamp>;
  name_key: Generated<string>;
  is_listed: Generated<boolean>;
}

export interface DeviceUpdateTable {
  provider_id: string;
  device_id: string;
  customer_id: string;
  manifest_format: number;
  loader: number;
  runtime: string;
  target: string;
  running: string;
  is_trial: boolean;
  ended_reason: string | null;
  ended_at: Timestamp | null;
  version: string | null;
  state: "offered" | "downloading" | "starting" | "confirmed" | "refused" | "failed" | "rolled-back" | null;
  code: Generated<string>;
  detail: Generated<string>;
  attempts: Generated<number>;
  changed_at: Timestamp | null;
  result_at: Timestamp | null;
}

export interface EmailChangeTable {
  provider_id: string;
  email_change_id: string;
  account_id: string;
  old_email: string;
  new_email: string;
  confirm_hash: Buffer;
  objection_hash: Buffer;
  created_at: Timestamp;
  confirm_until: Timestamp;
  object_until: Timestamp;
  confirmed_at: Timestamp | null;
  dropped_at: Timestamp | null;
  objected_at: Timestamp | null;
}

export interface EnrolmentTokenTable {
  provider_id: string;
  enrolment_token_id: string;
  customer_id: string;
  site_id: string;
  token_hash: Buffer;
  role: "workstation" | "server";
  uses_left: number;
  expires_at: Timestamp;
  created_at: Generated<Timestamp>;
}

export interface EscalationTable {
  provider_id: string;
  finding_id: string;
  customer_id: string | null;
  plan_id: string;
  round: Generated<number>;
  step: Generated<number>;
  state: "running" | "acknowledged" | "over" | "ended";
  due_at: Timestamp | null;
  started_at: Timestamp;
  ended_at: Timestamp | null;
  held_by: "maintenance" | "cause" | null;
  severity: "warning" | "failure";
  duty_at: Timestamp | null;
}

export interface EscalationCallTable {
  provider_id: string;
  call_id: string;
  account_id: string;
  finding_ids: string[];
  called_at: Timestamp;
  acknowledged_at: Timestamp | null;
  all_clear_at: Timestamp | null;
}

export interface EscalationPlanTable {
  provider_id: string;
  plan_id: string;
  customer_id: string | null;
  name: string;
  from_severity: "warning" | "failure";
  topics: string[] | null;
  hours: "always" | "service" | "outside-service";
  steps: Json;
  repeats: number;
  last_told_at: Timestamp | null;
  created_at: Timestamp;
  revision: Generated<number>;
}

export interface FindingTable {
  provider_id: string;
  finding_id: string;
  customer_id: string | null;
  site_id: string | null;
  device_id: string | null;
  check_id: string;
  check_number: number | null;
  instance: Generated<string>;
  code: string;
  subject: Generated<string>;
  severity: "warning" | "failure";
  evidence: Json;
  evidence_at: Timestamp;
  opened_at: Timestamp;
  changed_at: Timestamp;
  closed_at: Timestamp | null;
  close_reason: string | null;
  acknowledged_at: Timestamp | null;
  acknowledged_by: string | null;
  acknowledged_note: string | null;
  acknowledged_until: Timestamp | null;
  notice_due_at: Timestamp | null;
  incident_id: string | null;
  hold_kind: "maintenance" | "cause" | null;
  hold_window_id: string | null;
  hold_until: Timestamp | null;
  noticed_at: Timestamp | null;
  acknowledged_customer_note: string | null;
  began_at: Timestamp | null;
  calm_since: Timestamp | null;
}

export interface FindingEventTable {
  provider_id: string;
  finding_event_id: string;
  finding_id: string;
  customer_id: string | null;
  at: Timestamp;
  kind: string;
  actor: Json;
  severity: string | null;
  note: string | null;
  evidence: Json | null;
}

export interface FindingNoticeTable {
  provider_id: string;
  finding_notice_id: string;
  customer_id: string | null;
  site_id: string | null;
  finding_id: string;
  kind: "opened" | "changed" | "closed";
  at: Generated<Timestamp>;
  mailed_at: Timestamp | null;
  hooked_at: Timestamp | null;
}

export interface FindingVerdictTable {
  provider_id: string;
  finding_id: string;
  customer_id: string | null;
  verdict: "useful" | "noise" | "known" | null;
  judged_by: string;
  judged_at: Timestamp;
}

export interface HeldNoticeTable {
  provider_id: string;
  recipient_id: string;
  finding_id: string;
  customer_id: string | null;
  held_at: Timestamp;
  due_at: Timestamp;
}

export interface HistoryProgressTable {
  chore: string;
  through: Timestamp;
}

export interface HolidayTable {
  provider_id: string;
  holiday_set_id: string;
  day: string;
  name: string;
  spans: Generated<Json>;
  is_from_source: boolean;
  is_edited: Generated<boolean>;
  is_removed: Generated<boolean>;
}

export interface HolidaySetTable {
  provider_id: string;
  holiday_set_id: string;
  name: string;
  source: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface IncidentTable {
  provider_id: string;
  incident_id: string;
  customer_id: string | null;
  site_id: string | null;
  device_id: string | null;
  cause_finding_id: string;
  opened_at: Timestamp;
  closed_at: Timestamp | null;
}

export interface InstallationTable {
  name: string;
  value: Buffer;
}

export interface InvitationTable {
  provider_id: string;
  invitation_id: string;
  email: string;
  name: string;
  role: "owner" | "administrator" | "technician" | "read-only";
  reach: "all" | "include" | "exclude";
  customer_ids: string[];
  language: "de" | "en";
  token_hash: Buffer;
  created_by: string;
  created_by_name: string;
  created_at: Timestamp;
  sent_at: Timestamp;
  expires_at: Timestamp;
}

export interface JudgedCalendarTable {
  provider_id: string;
  calendar_key: string;
  definition: Json;
}

export interface MailTable {
  provider_id: string;
  mail_id: string;
  customer_id: string | null;
  site_id: string | null;
  message_id: string;
  recipients: Json;
  headers: Generated<Json>;
  subject: string;
  text_body: string;
  html_body: string;
  state: "queued" | "sent" | "refused" | "returned" | "kept";
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_error: string | null;
  finding_ids: Generated<string[]>;
  created_at: Generated<Timestamp>;
  sent_at: Timestamp | null;
  claimed_until: Timestamp | null;
  queued_since: Generated<Timestamp>;
  deferrals: Generated<number>;
  access_link: Buffer | null;
}

export interface MailGatheringTable {
  provider_id: string;
  customer_id: string;
  site_id: string;
  last_mail_at: Timestamp;
  in_row: Generated<number>;
}

export interface MailboxTable {
  name: string;
  uid_validity: Bigint | null;
  last_uid: Generated<Bigint>;
  uid_in_hand: Bigint | null;
  attempts: Generated<number>;
  reader_id: string | null;
  read_until: Timestamp | null;
  checked_at: Timestamp | null;
  failing_since: Timestamp | null;
  problem: string | null;
}

export interface MaintenanceOccurrenceTable {
  provider_id: string;
  maintenance_window_id: string;
  customer_id: string | null;
  starts_at: Timestamp;
  ends_at: Timestamp;
  ended_by: string | null;
}

export interface MaintenanceWindowTable {
  provider_id: string;
  maintenance_window_id: string;
  customer_id: string | null;
  scope: "provider" | "customer" | "site" | "device" | "tag";
  scope_id: Generated<string>;
  name: string;
  schedule: Json;
  grace_minutes: number;
  after_end: "tell" | "keep";
  created_by: string;
  created_at: Timestamp;
  cancelled_at: Timestamp | null;
  revision: Generated<number>;
}

export interface MigrationTable {
  name: string;
  hash: string;
  applied_at: Generated<Timestamp>;
}

export interface OidcIdentityTable {
  provider_id: string;
  oidc_issuer_id: string;
  subject: string;
  account_id: string;
  created_at: Timestamp;
  last_used_at: Timestamp;
}

export interface OidcIssuerTable {
  provider_id: string;
  oidc_issuer_id: string;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: Buffer;
  active: boolean;
  creates_accounts: boolean;
  counts_as_second_factor: boolean;
  created_at: Timestamp;
  trusts_emails: Generated<boolean>;
}

export interface PackedDeviceTable {
  provider_id: string;
  device_id: string;
  received_day: string;
}

export interface PasskeyTable {
  provider_id: string;
  passkey_id: string;
  account_id: string;
  credential_id: string;
  public_key: Buffer;
  sign_count: Bigint;
  transports: string[];
  is_synced: boolean;
  name: string;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
}

export interface PasswordResetTable {
  provider_id: string;
  password_reset_id: string;
  account_id: string;
  token_hash: Buffer;
  created_at: Timestamp;
  expires_at: Timestamp;
}

export interface PolicyTable {
  provider_id: string;
  policy_id: string;
  customer_id: string | null;
  name: string;
  checks: Generated<Json>;
  revision: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PolicyAssignmentTable {
  provider_id: string;
  policy_id: string;
  customer_id: string | null;
  scope: "provider" | "customer" | "site" | "device" | "tag";
  scope_id: Generated<string>;
}

export interface PolicyReplayTable {
  provider_id: string;
  replay_id: string;
  customer_id: string | null;
  asked_by: string;
  check_id: string;
  instance: string;
  days: number;
  state: "waiting" | "running" | "done" | "cancelled" | "failed";
  devices: Generated<number>;
  devices_done: Generated<number>;
  result: Json | null;
  started_at: Timestamp;
  alive_at: Timestamp;
}

export interface PolicySecretTable {
  provider_id: string;
  secret_id: string;
  policy_id: string;
  customer_id: string | null;
  sealed: Buffer;
  created_at: Timestamp;
}

export interface PresenceWitnessTable {
  provider_id: string;
  device_id: string;
  witness_device_id: string;
  customer_id: string;
  asked_at: Timestamp;
  answered_at: Timestamp;
  answers_ping: boolean | null;
  resolves: boolean | null;
}

export interface ProviderTable {
  provider_id: string;
  name: string;
  language: Generated<"de" | "en">;
  time_zone: Generated<string>;
  settings: Generated<Json>;
  created_at: Generated<Timestamp>;
}

export interface PushKeyTable {
  provider_id: string;
  public_key: string;
  private_key: Buffer;
}

export interface PushSubscriptionTable {
  provider_id: string;
  push_subscription_id: string;
  account_id: string;
  endpoint: string;
  p256dh: string;
  auth: Buffer;
  device_name: string;
  created_at: Timestamp;
}

export interface QuarantinedMessageTable {
  provider_id: string;
  quarantined_message_id: string;
  customer_id: string;
  device_id: string;
  stream_id: string;
  sequence: Bigint;
  received_at: Timestamp;
  body: Buffer;
  error: string;
}

export interface RecipientTable {
  provider_id: string;
  recipient_id: string;
  customer_id: string | null;
  site_id: string | null;
  address: string;
  language: Generated<"de" | "en">;
  from_severity: Generated<"warning" | "failure">;
  checks: string[] | null;
  recoveries: Generated<boolean>;
  created_at: Generated<Timestamp>;
  channel: Generated<"mail" | "teams" | "ntfy" | "push">;
  topics: string[] | null;
  account_id: string | null;
  on_call_only: Generated<boolean>;
  secret: Buffer | null;
  quiet: Generated<boolean>;
  quiet_except: "warning" | "failure" | null;
  unreachable: Json | null;
  revision: Generated<number>;
  reaches_inside: Generated<boolean>;
}

export interface RecoveryCodeTable {
  provider_id: string;
  recovery_code_id: string;
  account_id: string;
  code_hash: Buffer;
  created_at: Timestamp;
  used_at: Timestamp | null;
}

export interface RepairOrderTable {
  provider_id: string;
  repair_order_id: string;
  customer_id: string;
  finding_id: string;
  device_id: string | null;
  mail_id: string;
  language: "de" | "en";
  title: string;
  device_name: string | null;
  site_name: string | null;
  terms: Json;
  ordered_by: string;
  contact: string;
  note: string;
  address: string;
  ordered_at: Timestamp;
  state: Generated<"open" | "accepted" | "done" | "declined">;
  state_by: string | null;
  state_at: Timestamp | null;
  state_note: Generated<string>;
}

export interface RotaTable {
  provider_id: string;
  rota_id: string;
  name: string;
  time_zone: string;
  layers: Json;
  created_at: Timestamp;
  revision: Generated<number>;
}

export interface RotaOverrideTable {
  provider_id: string;
  override_id: string;
  rota_id: string;
  layer: number;
  account_id: string;
  from_at: Timestamp;
  until_at: Timestamp;
  note: Generated<string>;
}

export interface RoundProgressTable {
  provider_id: string;
  site_id: string;
  check_id: string;
  customer_id: string;
  through_day: string;
}

export interface RoundRecordTable {
  provider_id: string;
  device_id: string;
  check_id: string;
  day: string;
  customer_id: string;
  site_id: string;
  check_number: number;
  due_at: Timestamp;
  ends_at: Timestamp;
  opened_at: Timestamp;
  asked_at: Timestamp | null;
  state: "waiting" | "done" | "not-measurable";
  reason: "server-down" | "device-off" | "no-answer" | "never-measured" | "no-data" | "collect-failed" | "not-judged" | "unknown-result" | null;
  detail: Generated<string>;
  result: "ok" | "warning" | "failure" | null;
  evidence_at: Timestamp | null;
  subjects: Generated<Json>;
  recorded_at: Timestamp | null;
  is_late: Generated<boolean>;
}

export interface SampleBatchTable {
  provider_id: string;
  customer_id: string;
  device_id: string;
  received_at: Timestamp;
  stream_id: string;
  sequence: Bigint;
  clock_offset_ms: Bigint;
  check_numbers: number[];
  ages_ms: number[];
  fact_numbers: number[];
  value_counts: number[];
  values: number[];
}

export interface SampleEntryTable {
  provider_id: string;
  device_id: string;
  received_at: Timestamp;
  check_number: number;
  customer_id: string;
  field: string;
  at: Timestamp;
  body: Json;
}

export interface SampleFactTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  fact_number: number;
  customer_id: string;
  first_at: Timestamp;
  body: Json;
  hash: Bigint;
}

export interface SampleOutcomeTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  at: Timestamp;
  customer_id: string;
  kind: "no-data" | "failed";
  code: string | null;
  detail: Generated<string>;
}

export interface SamplePackedTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  day: string;
  subject: string;
  customer_id: string;
  sample_count: number;
  value_count: number;
  body: Buffer;
}

export interface SampleRollupTable {
  provider_id: string;
  device_id: string;
  check_number: number;
  day: string;
  customer_id: string;
  body: Buffer;
}

export interface SavedViewTable {
  provider_id: string;
  saved_view_id: string;
  account_id: string;
  list: "devices" | "findings" | "audit" | "outbox";
  name: string;
  search: string;
  columns: Json | null;
  is_shared: boolean;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface SavedViewDefaultTable {
  provider_id: string;
  account_id: string;
  list: "devices" | "findings" | "audit" | "outbox";
  saved_view_id: string;
}

export interface ServerProcessTable {
  process_id: string;
  started_at: Timestamp;
  alive_at: Timestamp;
  stopped_at: Timestamp | null;
  gap_from: Timestamp | null;
  gap_until: Timestamp | null;
}

export interface SessionTable {
  provider_id: string;
  session_id: string;
  account_id: string;
  token_hash: Buffer;
  created_at: Generated<Timestamp>;
  last_used_at: Generated<Timestamp>;
  expires_at: Timestamp;
  ended_at: Timestamp | null;
  address: string;
  user_agent: string;
  proved_at: Timestamp | null;
  method: Generated<"password" | "passkey" | "oidc" | "break-glass">;
  has_second_factor: Generated<boolean>;
  uses: Generated<Json>;
  oidc_issuer_id: string | null;
}

export interface SignInChallengeTable {
  token_hash: Buffer;
  body: Buffer;
  network: string | null;
  wrong_answers: Generated<number>;
  expires_at: Timestamp;
}

export interface SignInFailureTable {
  kind: "account" | "address" | "password-reset";
  key: string;
  failures: number;
  first_at: Timestamp;
  last_at: Timestamp;
}

export interface SiteTable {
  provider_id: string;
  site_id: string;
  customer_id: string;
  name: string;
  created_at: Generated<Timestamp>;
  time_zone: string | null;
  gateway_device_id: string | null;
  removed_at: Timestamp | null;
}

export interface ToldTable {
  provider_id: string;
  finding_id: string;
  address: string;
  customer_id: string | null;
  severity: "warning" | "failure";
  is_over: Generated<boolean>;
  mail_id: string;
  message_id: string;
  told_at: Timestamp;
  missed: Generated<boolean>;
}

export interface UpdateRingTable {
  provider_id: string;
  customer_id: string;
  kind: "customer" | "site" | "device";
  subject_id: string;
  ring: "canary" | "early" | "all";
}

export interface WebhookTable {
  provider_id: string;
  webhook_id: string;
  customer_id: string | null;
  url: string;
  secret: string;
  active: Generated<boolean>;
  created_at: Generated<Timestamp>;
}

export interface Schema {
  account: AccountTable;
  account_totp: AccountTotpTable;
  agent_rollout: AgentRolloutTable;
  alarm_drill: AlarmDrillTable;
  api_key: ApiKeyTable;
  audit_entry: AuditEntryTable;
  audit_seal: AuditSealTable;
  backup_run: BackupRunTable;
  break_glass_code: BreakGlassCodeTable;
  calendar: CalendarTable;
  calendar_assignment: CalendarAssignmentTable;
  check_history: CheckHistoryTable;
  check_instance: CheckInstanceTable;
  check_settings: CheckSettingsTable;
  check_settings_period: CheckSettingsPeriodTable;
  contact: ContactTable;
  customer: CustomerTable;
  customer_erasure: CustomerErasureTable;
  daily_mail: DailyMailTable;
  daily_mail_reader: DailyMailReaderTable;
  delivery: DeliveryTable;
  device: DeviceTable;
  device_link: DeviceLinkTable;
  device_signed_in: DeviceSignedInTable;
  device_state: DeviceStateTable;
  device_update: DeviceUpdateTable;
  email_change: EmailChangeTable;
  enrolment_token: EnrolmentTokenTable;
  escalation: EscalationTable;
  escalation_call: EscalationCallTable;
  escalation_plan: EscalationPlanTable;
  finding: FindingTable;
  finding_event: FindingEventTable;
  finding_notice: FindingNoticeTable;
  finding_verdict: FindingVerdictTable;
  held_notice: HeldNoticeTable;
  history_progress: HistoryProgressTable;
  holiday: HolidayTable;
  holiday_set: HolidaySetTable;
  incident: IncidentTable;
  installation: InstallationTable;
  invitation: InvitationTable;
  judged_calendar: JudgedCalendarTable;
  mail: MailTable;
  mail_gathering: MailGatheringTable;
  mailbox: MailboxTable;
  maintenance_occurrence: MaintenanceOccurrenceTable;
  maintenance_window: MaintenanceWindowTable;
  migration: MigrationTable;
  oidc_identity: OidcIdentityTable;
  oidc_issuer: OidcIssuerTable;
  packed_device: PackedDeviceTable;
  passkey: PasskeyTable;
  password_reset: PasswordResetTable;
  policy: PolicyTable;
  policy_assignment: PolicyAssignmentTable;
  policy_replay: PolicyReplayTable;
  policy_secret: PolicySecretTable;
  presence_witness: PresenceWitnessTable;
  provider: ProviderTable;
  push_key: PushKeyTable;
  push_subscription: PushSubscriptionTable;
  quarantined_message: QuarantinedMessageTable;
  recipient: RecipientTable;
  recovery_code: RecoveryCodeTable;
  repair_order: RepairOrderTable;
  rota: RotaTable;
  rota_override: RotaOverrideTable;
  round_progress: RoundProgressTable;
  round_record: RoundRecordTable;
  sample_batch: SampleBatchTable;
  sample_entry: SampleEntryTable;
  sample_fact: SampleFactTable;
  sample_outcome: SampleOutcomeTable;
  sample_packed: SamplePackedTable;
  sample_rollup: SampleRollupTable;
  saved_view: SavedViewTable;
  saved_view_default: SavedViewDefaultTable;
  server_process: ServerProcessTable;
  session: SessionTable;
  sign_in_challenge: SignInChallengeTable;
  sign_in_failure: SignInFailureTable;
  site: SiteTable;
  told: ToldTable;
  update_ring: UpdateRingTable;
  webhook: WebhookTable;
}
