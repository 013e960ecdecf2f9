/** Marks a test mail among the mails of the outbox. */
export const testMailHeader = "X-Hauswart-Test";
