/**
 * Every table that holds something of a customer, in the order in which it is erased: what refers to something goes before it.
 * A test compares the list with the database's catalogue, so that no table that is added later can be forgotten.
 */

export interface CustomerTable {
  readonly table: string;
  /**
   * - delete: the rows go. - blank: the rows stay without what they told (the audit log, whose chain has to hold).
   * - unlist: the customer's id is taken out of lists of customers; the rows are somebody else's.
   */
  readonly erase: "delete" | "blank" | "unlist";
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

const rows = (table: string, secret?: readonly string[]): CustomerTable => ({
  table,
  erase: "delete",
  own,
  byDevice: false,
  exported: "rows",
  ...(secret ? { secret } : {}),
});
const deviceRows = (table: string, exported: CustomerTable["exported"] = "rows"): CustomerTable => ({
  table,
  erase: "delete",
  own,
  byDevice: true,
  exported,
});
const unlist = (table: string): CustomerTable => ({
  table,
  erase: "unlist",
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
  deviceRows("presence_witness"),
  deviceRows("check_settings_period", { notBecause: "by which settings of the house samples were judged" }),
  deviceRows("check_instance"),
  deviceRows("quarantined_message"),
  deviceRows("device_update"),
  deviceRows("round_record"),
  { table: "packed_device", erase: "delete", own: ofOwnDevices, byDevice: true, exported: workingState },
  rows("finding_notice"),
  rows("finding_event"),
  rows("told"),
  { ...rows("held_notice"), exported: workingState },
  rows("escalation"),
  rows("incident"),
  rows("finding_verdict"),
  rows("finding"),
  rows("maintenance_occurrence"),
  rows("maintenance_window"),
  rows("repair_order"),
  rows("contact"),
  rows("daily_mail"),
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
  rows("webhook", ["secret"]),
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
  unlist("account"),
  unlist("invitation"),
  unlist("api_key"),
  { table: "audit_entry", erase: "blank", own, byDevice: false, exported: "rows" },
  rows("customer"),
];
