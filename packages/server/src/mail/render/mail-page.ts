/**
 * The page that every mail's HTML part is. Tables and inline styles, because Outlook renders with Word; no images; colours for
 * dark readers in one style sheet.
 */
import type { Language } from "@hauswart/protocol/format.ts";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export const font = "font-family:'Segoe UI',-apple-system,Helvetica,Arial,sans-serif";

const styleSheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: #1d5f96; }
@media (max-width: 620px) { .frame { width: 100% !important; } .inside { padding: 20px 16px !important; } .label { display: block !important; width: auto !important; padding-bottom: 0 !important; } .text { display: block !important; padding-bottom: 8px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background: #16181d !important; } .card { background: #20232a !important; border-color: #383c46 !important; }
  .strong, .text { color: #eceef2 !important; } .quiet, .label { color: #aab0bc !important; } .rule { border-color: #383c46 !important; }
  .failure { color: #ff8a80 !important; } .warning { color: #ffb74d !important; } .over { color: #7bd99b !important; } .unknown { color: #b9aed6 !important; } a { color: #8fbae0 !important; }
  .button { background: #2a72b0 !important; } .button a { color: #ffffff !important; } .beside { border-color: #8fbae0 !important; }
}
[data-ogsc] .strong, [data-ogsc] .text { color: #eceef2 !important; } [data-ogsc] .quiet, [data-ogsc] .label { color: #aab0bc !important; }
[data-ogsc] .failure { color: #ff8a80 !important; } [data-ogsc] .warning { color: #ffb74d !important; } [data-ogsc] .over { color: #7bd99b !important; } [data-ogsc] .unknown { color: #b9aed6 !important; }
[data-ogsb] .page { background: #16181d !important; } [data-ogsb] .card { background: #20232a !important; }
`;

/** A part of a page; whatever is put into it is escaped. */
export type Markup = ReturnType<typeof html>;

export interface MailPage {
  readonly language: Language;
  readonly subject: string;
  /** What mail programs show beside the subject. */
  readonly preview: string;
  /** Rows of the page's one column. */
  readonly rows: readonly (Markup | string)[];
  /** Why this address got the mail, and from what. */
  readonly foot: readonly string[];
}

/** The HTML document. */
export function mailPage({ language, subject, preview, rows, foot }: MailPage): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${subject}</title>
        <style>
          ${raw(styleSheet)}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#f3f4f7;-webkit-text-size-adjust:100%">
        <div style="display:none;max-height:0;overflow:hidden">${preview}</div>
        <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f4f7">
          <tr>
            <td align="center" style="padding:16px 8px">
              <!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
              <table
                role="presentation"
                class="frame"
                width="600"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="width:600px;max-width:600px"
              >
                ${rows}
                <tr>
                  <td class="quiet" style="${font};font-size:12px;line-height:18px;color:#5b6270;padding:12px 24px 24px">
                    ${foot.map((line, index) => (index === 0 ? line : html`<br />${line}`))}
                  </td>
                </tr>
              </table>
              <!--[if mso]></td></tr></table><![endif]-->
            </td>
          </tr>
        </table>
      </body>
    </html> `;
  // Without promises among its parts the markup is a text already.
  return (page as HtmlEscapedString).toString();
}

/** The white field in which something is told. */
export function cardRow(content: readonly (Markup | string)[]): Markup {
  return html`<tr>
    <td style="padding-bottom:10px">
      <table
        role="presentation"
        class="card"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="background:#ffffff;border:1px solid #dcdfe6;border-radius:8px"
      >
        <tr>
          <td class="inside" style="padding:22px 24px">${content}</td>
        </tr>
      </table>
    </td>
  </tr> `;
}

export function titleLine(title: string): Markup {
  return html`<div class="strong" style="${font};font-size:19px;line-height:26px;font-weight:600;color:#1b1e25;padding:2px 0 10px">
    ${title}
  </div> `;
}

/** The button that matters. @param isBeside true for a way that stands beside it, drawn as an outline, so that nobody presses the wrong one. */
export function buttonTo(link: string, label: string, isBeside = false): Markup {
  const [name, look, color] = isBeside
    ? ["beside", "border:1px solid #1d5f96;padding:9px 17px", "#1d5f96"]
    : ["button", "background:#1d5f96;padding:10px 18px", "#ffffff"];
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:18px">
    <tr>
      <td class="${name}" ${isBeside ? "" : raw('bgcolor="#1d5f96"')} style="border-radius:6px;${look}">
        <a href="${link}" style="${font};font-size:14px;line-height:20px;font-weight:600;color:${color};text-decoration:none">${label}</a>
      </td>
    </tr>
  </table> `;
}

/** A paragraph, with a small title where there is one. */
export function paragraph(title: string, text: string): Markup | string {
  if (!text) return "";
  const head = title
    ? html`<div class="quiet" style="${font};font-size:13px;line-height:20px;font-weight:600;color:#5b6270;padding-top:14px">${title}</div>`
    : "";
  const lines = text.split("\n").map((line, index) => (index === 0 ? line : html`<br />${line}`));
  return html`${head}
    <div class="text" style="${font};font-size:14px;line-height:21px;color:#1b1e25;padding-top:${title ? "2" : "14"}px">${lines}</div> `;
}
