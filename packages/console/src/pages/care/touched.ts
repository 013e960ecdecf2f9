/** Routes whose answers change with an order or a contact. */
export const touchedByCare = ["listRepairOrders", "listContacts", "listDueContacts", "getFinding", "listFindings", "getOverview"] as const;
