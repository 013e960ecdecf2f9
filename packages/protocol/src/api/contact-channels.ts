/** How somebody speaks with a customer. Without zod, because the console asks it too. */
export const contactChannels = ["telephone", "mail", "in-person", "other"] as const;
export type ContactChannel = (typeof contactChannels)[number];
