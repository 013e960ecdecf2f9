import { expect, test } from "bun:test";
import { mailboxAddress, type MailboxAddress } from "./mailbox-address.ts";

test.each<[string, Partial<MailboxAddress>]>([
  [
    "imaps://me%40house.example:p%2Fw@mail.example.com/INBOX",
    {
      host: "mail.example.com",
      port: 993,
      tls: "at-once",
      user: "me@house.example",
      password: "p/w",
      folder: "INBOX",
      doneFolder: undefined,
    },
  ],
  ["imaps://me:pw@mail.example.com", { folder: "INBOX" }],
  ["imap://me:pw@mail.example.com", { port: 143, tls: "upgrade" }],
  ["imap://me:pw@127.0.0.1:1143", { port: 1143, tls: "none-needed" }],
  ["imap://me:pw@[::1]:1143", { host: "::1", tls: "none-needed" }],
  ["imaps://me:pw@mail.example.com/Berichte%2FZur%C3%BCck?done=Erledigt", { folder: "Berichte/Zurück", doneFolder: "Erledigt" }],
  ["imaps://me:pw@mail.example.com?tls.rejectUnauthorized=false", { trustsAnyCertificate: true }],
  ["imaps://me:pw@mail.example.com:993/INBOX", { name: "me at mail.example.com:993, INBOX", trustsAnyCertificate: false }],
])("%s", (text, expected) => {
  expect(mailboxAddress(text)).toMatchObject(expected);
  expect(mailboxAddress(text).name).not.toContain("pw");
});
