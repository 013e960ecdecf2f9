import { expect, test } from "bun:test";
import { parseEnvironmentFile } from "./environment-file.ts";

test("settings are read as systemd reads them", () => {
  const text = [
    "# HAUSWART_URL=https://comment.example.com",
    "; also a comment",
    "HAUSWART_PORT=8443",
    "  HAUSWART_MAIL_FROM='Hauswart <hauswart@example.com>'",
    'DATABASE_URL="postgres://owner:a\\"b\\\\c\\d@host/db"  ',
    "HAUSWART_ADMIN_PASSWORD=with#hash and $blank  ",
    "HAUSWART_DATA=/var/lib/\\",
    "hauswart",
    "HAUSWART_LISTEN=",
    "HAUSWART_SMTP_URL='smtp://'\"user\"",
    "no assignment",
    "export HAUSWART_BACKUP_KEEP=3",
    "HAUSWART_PORT=443",
  ].join("\n");
  expect(parseEnvironmentFile(`${text}\r\n`)).toEqual({
    HAUSWART_PORT: "443",
    HAUSWART_MAIL_FROM: "Hauswart <hauswart@example.com>",
    DATABASE_URL: 'postgres://owner:a"b\\c\\d@host/db',
    HAUSWART_ADMIN_PASSWORD: "with#hash and $blank",
    HAUSWART_DATA: "/var/lib/hauswart",
    HAUSWART_LISTEN: "",
    HAUSWART_SMTP_URL: "smtp://user",
  });
});

test("a quote that is never closed is refused by the setting's name", () => {
  expect(() => parseEnvironmentFile("HAUSWART_MAIL_FROM='Hauswart\nHAUSWART_PORT=1\n")).toThrow(/^HAUSWART_MAIL_FROM: its quote/);
});
