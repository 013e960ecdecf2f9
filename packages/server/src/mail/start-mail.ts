/** Everything about mail that runs by itself: composing, sending where a mail server is set, and reading what comes back. */
import { openImapMailbox } from "../mailbox/imap.ts";
import { mailboxAddress } from "../mailbox/mailbox-address.ts";
import { startMailbox, type RunningMailbox } from "../mailbox/start-mailbox.ts";
import type { Services } from "../services.ts";
import { startComposer } from "./compose/composer.ts";
import { startSender } from "./outbox/sender.ts";
import { smtpTransport } from "./outbox/smtp.ts";
import { deliveryReports } from "./reports/take-reports.ts";
import { settleUnreachable } from "./reports/unreachable.ts";

export interface RunningMail {
  /** Waits for what is in hand. */
  stop(): Promise<void>;
}

/** Starts mail; stops are waited for. */
export function startMail(services: Services): RunningMail {
  const { smtpUrl, imapUrl } = services.settings;
  const composer = startComposer(services);
  const sender = smtpUrl === undefined ? undefined : startSender(services, smtpTransport(smtpUrl));
  const mailbox = imapUrl === undefined ? undefined : readMailbox(services, imapUrl);
  return {
    async stop() {
      await mailbox?.stop();
      await composer.stop();
      await sender?.stop();
    },
  };
}

/** The mailbox of the sender's address. */
function readMailbox(services: Services, imapUrl: string): RunningMailbox {
  const address = mailboxAddress(imapUrl);
  return startMailbox(services, {
    name: address.name,
    open: () => openImapMailbox(address),
    handlers: [deliveryReports(services)],
    afterPass: () => settleUnreachable(services),
  });
}
