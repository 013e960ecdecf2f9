/**
 * Every table that holds something of a customer, in the order in which it is erased: what refers to something goes before it.
 * A test compares the list with the database's catalogue, so that no table that is added later can be forgotten.
 */

export interface CustomerTable {
  readonly table: string;
  /**
   * - delete: the rows go.
   * - unlist: the customer's id is taken out of lists of customers; the rows are somebody else's.
   * - unreach: unlist, for a reach: all but nobody are all; only nobody stays nobody.
   * - blank: the rows stay without what they told: what is set instead, except where it is done.
   */
  readonly erase: "delete" | "unlist" | "unreach" | { readonly blank: string; readonly unless: string };
  /** Rows of these are still needed as they are: the erasure waits until there is none. */
  readonly waitsWhile?: string;
  /** Rows that are the customer's. `$1` is the provider, `$2` the customer. */
  readonly own: string;
  /** Rows per device: deleted and exported device by device, because the key begins with the device. */
  readonly byDevice: boolean;
  /** How the rows are exported: as they are, with their packed values spelt out, or not at all, with the reason. */
  readonly exported: "rows" | "values" | { readonly notBecause: string };
  /** Columns that are not exported: they let somebody in, or prove somebody. */
  readonly secret?: readonly string[];
}

const own = "provider_id = $1 and customer_id = $2";
const ofOwnDevices =
  "provider_id = $1 and device_id in (select device_id from hauswart.device d where d.provider_id = $1 and d.customer_id = $2)";
const workingState = { notBecause: "working state of the server, made from what is exported" } as const;

/** Findings of the house that are about the customer; they name it. */
const ofHouse = `select house.finding_id from hauswart.finding house
  where house.provider_id = $1 and house.customer_id is null and house.evidence ->> 'customerId' = $2::uuid::text`;

const rows = (table: string, secret?: readonly string[]): CustomerTable => ({
  table,
  erase: "delete",
  own,
  byDevice: false,
  exported: "rows",
  ...(secret ? { secret } : {}),
});
/** Of findings: those of the house that are about the customer go too. */
const findingRows = (table: string): CustomerTable => ({
  ...rows(table),
  own: `provider_id = $1 and (customer_id = $2 or (customer_id is null and finding_id in (${ofHouse})))`,
});
const deviceRows = (table: string, exported: CustomerTable["exported"] = "rows"): CustomerTable => ({
  table,
  erase: "delete",
  own,
  byDevice: true,
  exported,
});
const unlist = (table: string, erase: "unlist" | "unreach"): CustomerTable => ({
  table,
  erase,
  own: "provider_id = $1 and $2 = any (customer_ids)",
  byDevice: false,
  exported: { notBecause: "belongs to the house: who of its people may see the customer" },
});

export const customerTables: readonly CustomerTable[] = [
  // The link first: without it no message of a device can be stored any more.
  deviceRows("device_link", workingState),
  deviceRows("sample_batch", "values"),
  deviceRows("sample_packed", "values"),
  deviceRows("sample_rollup", "values"),
  deviceRows("sample_entry"),
  deviceRows("sample_outcome"),
  deviceRows("sample_fact"),
  deviceRows("check_history", workingState),
  deviceRows("device_state", workingState),
  deviceRows("device_signed_in"),
  deviceRows("presence_witness"),
  deviceRows("check_settings_period", { notBecause: "by which settings of the house samples were judged" }),
  deviceRows("check_instance"),
  deviceRows("quarantined_message"),
  deviceRows("device_update"),
  deviceRows("round_record"),
  { table: "packed_device", erase: "delete", own: ofOwnDevices, byDevice: true, exported: workingState },
  {
    // Told of several customers at once, to whoever is on call or reads a digest: what left proves something to the others too.
    table: "mail",
    // One that waits to be sent is neither lost nor sent without its text.
    erase: { blank: "subject = '–', text_body = '', html_body = '', access_link = null, finding_ids = '{}'", unless: "finding_ids = '{}'" },
    waitsWhile: "state = 'queued'",
    // One that was written while the findings went tells of findings that are gone.
    own: `provider_id = $1 and customer_id is null and (
      finding_ids && array(select told.finding_id from hauswart.finding told where told.provider_id = $1 and told.customer_id = $2 union ${ofHouse})
      or (created_at >= (select requested_at from hauswart.customer_erasure where provider_id = $1 and erased_id = $2) and exists (
        select from unnest(finding_ids) told where not exists (select from hauswart.finding f where f.provider_id = $1 and f.finding_id = told))))`,
    byDevice: false,
    exported: { notBecause: "mails over several customers tell of the others too" },
  },
  findingRows("finding_notice"),
  findingRows("finding_event"),
  findingRows("told"),
  { ...rows("held_notice"), exported: workingState },
  findingRows("escalation"),
  rows("incident"),
  findingRows("finding_verdict"),
  findingRows("finding"),
  rows("maintenance_occurrence"),
  rows("maintenance_window"),
  rows("repair_order"),
  rows("contact"),
  rows("daily_mail"),
  rows("daily_mail_reader"),
  rows("alarm_drill"),
  rows("mail_gathering"),
  rows("mail", ["access_link"]),
  {
    ...rows("delivery"),
    // Deliveries of webhooks for all customers bear no customer, but tell of one.
    own: "provider_id = $1 and (customer_id = $2 or (customer_id is null and position($2::uuid::text in body) > 0))",
  },
  rows("recipient", ["secret"]),
  rows("escalation_plan"),
  // With most services whoever knows the address writes there.
  rows("webhook", ["secret", "url"]),
  rows("policy_assignment"),
  rows("policy_secret", ["secret_id", "sealed"]),
  rows("policy"),
  {
    ...rows("policy_replay"),
    // Those over all customers name devices of each.
    own: "provider_id = $1 and (customer_id = $2 or customer_id is null)",
    exported: { notBecause: "what a draft would have done, kept for a day; made from what is exported" },
  },
  rows("calendar_assignment"),
  { ...rows("round_progress"), exported: workingState },
  rows("enrolment_token", ["token_hash"]),
  rows("update_ring"),
  rows("device"),
  rows("site"),
  {
    table: "saved_view",
    erase: "delete",
    // Its name may be the customer's. Ids stand in an address as they are.
    own: "provider_id = $1 and position('customer=' || $2::uuid::text in search) > 0",
    byDevice: false,
    exported: { notBecause: "belongs to the house: how its people look at the customer" },
  },
  {
    table: "audit_entry",
    // Who of the house did what, and when, stays, because the chain has to hold: the customer's people, devices and details go.
    erase: {
      blank: `detail = '{}', erased_at = now(),
        actor = case when actor ->> 'kind' = 'agent' then jsonb_build_object('kind', 'agent', 'id', '', 'name', '') else actor end`,
      unless: "erased_at is not null",
    },
    own,
    byDevice: false,
    exported: "rows",
  },
  rows("customer"),
  // Last: who is kept from the customer is kept from it until nothing of it is left.
  unlist("account", "unreach"),
  unlist("invitation", "unreach"),
  unlist("api_key", "unlist"),
];
