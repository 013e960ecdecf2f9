/**
 * The HTML part. Tables and inline styles, because Outlook renders with Word; no images; colours for dark readers in one
 * style sheet. `html` escapes whatever is put into it (hono/html), so a script in a device's name stays text.
 */
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { MailItem, MailModel } from "./mail-model.ts";

/** Colours with at least 4.5:1 on their background, in both themes. Shape, word and colour say the state. */
const marks = {
  failure: { shape: "■", colour: "#b3261e", name: "failure" },
  warning: { shape: "▲", colour: "#8a5300", name: "warning" },
  recovered: { shape: "●", colour: "#1b6e3a", name: "over" },
  "subject-gone": { shape: "◌", colour: "#5c5470", name: "unknown" },
  "not-watched": { shape: "◌", colour: "#5c5470", name: "unknown" },
} as const;

const font = "font-family:'Segoe UI',-apple-system,Helvetica,Arial,sans-serif";

const styleSheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: #1f4fbf; }
@media (max-width: 620px) { .frame { width: 100% !important; } .inside { padding: 20px 16px !important; } .label { display: block !important; width: auto !important; padding-bottom: 0 !important; } .text { display: block !important; padding-bottom: 8px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background: #16181d !important; } .card { background: #20232a !important; border-color: #383c46 !important; }
  .strong, .text { color: #eceef2 !important; } .quiet, .label { color: #aab0bc !important; } .rule { border-color: #383c46 !important; }
  .failure { color: #ff8a80 !important; } .warning { color: #ffb74d !important; } .over { color: #7bd99b !important; } .unknown { color: #b9aed6 !important; } a { color: #9db8ff !important; }
  .button { background: #3b63d8 !important; } .button a { color: #ffffff !important; }
}
[data-ogsc] .strong, [data-ogsc] .text { color: #eceef2 !important; } [data-ogsc] .quiet, [data-ogsc] .label { color: #aab0bc !important; }
[data-ogsc] .failure { color: #ff8a80 !important; } [data-ogsc] .warning { color: #ffb74d !important; } [data-ogsc] .over { color: #7bd99b !important; } [data-ogsc] .unknown { color: #b9aed6 !important; }
[data-ogsb] .page { background: #16181d !important; } [data-ogsb] .card { background: #20232a !important; }
`;

type Markup = ReturnType<typeof html>;

/** The mail as an HTML document. */
export function htmlPart(model: MailModel): string {
  const { texts, about, items } = model;
  const reason = texts.reason({
    customer: about.customerName,
    site: about.siteName,
    provider: about.providerName,
    from: about.fromSeverity,
  });
  const page = html`<!doctype html>
    <html lang="${about.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${model.subject}</title>
        <style>
          ${raw(styleSheet)}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#f3f4f7;-webkit-text-size-adjust:100%">
        <div style="display:none;max-height:0;overflow:hidden">${preview(model)}</div>
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
                ${items.map((item, index) => [items.length > 1 && item.finding.told !== items[index - 1]?.finding.told ? heading(texts.headings[item.finding.told]) : "", card(model, item)])}
                ${model.more > 0 ? moreRow(model) : ""}
                <tr>
                  <td class="quiet" style="${font};font-size:12px;line-height:18px;color:#5b6270;padding:12px 24px 24px">
                    ${reason}<br />${texts.automatic}
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

const preview = ({ items, texts }: MailModel) =>
  items
    .slice(0, 3)
    .map(({ words, facts }) =>
      [words.title, (facts.find(({ label }) => label === texts.evidence || label === texts.now) ?? facts.at(-1))?.text ?? ""]
        .filter(Boolean)
        .join(" – "),
    )
    .join(" · ");

const heading = (text: string) =>
  html`<tr>
    <td class="strong" style="${font};font-size:15px;line-height:22px;font-weight:600;color:#1b1e25;padding:14px 24px 6px">${text}</td>
  </tr> `;

function card(model: MailModel, item: MailItem): Markup {
  const { texts, place } = model;
  const { finding, words, deviceName, facts, link, isOver, state, ending } = item;
  const mark = isOver ? marks[finding.ending] : marks[finding.severity];
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
          <td class="inside" style="padding:22px 24px">
            <div class="${mark.name}" style="${font};font-size:13px;line-height:20px;font-weight:600;color:${mark.colour}">
              ${mark.shape} ${state}
            </div>
            <div class="strong" style="${font};font-size:19px;line-height:26px;font-weight:600;color:#1b1e25;padding:2px 0 10px">
              ${words.title}
            </div>
            <table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%">
              ${deviceName ? factRow(texts.device, deviceName) : ""}${factRow(texts.place, place)}${facts.map(({ label, text }) => factRow(label, text))}
            </table>
            ${isOver ? paragraph("", ending) : [paragraph(texts.meaning, words.meaning), paragraph(texts.advice, words.advice)]}
            <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:18px">
              <tr>
                <td class="button" bgcolor="#2d55c8" style="border-radius:6px;background:#2d55c8;padding:10px 18px">
                  <a href="${link}" style="${font};font-size:14px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none"
                    >${texts.openFinding}</a
                  >
                </td>
              </tr>
            </table>
          </td>
        </tr>
      </table>
    </td>
  </tr> `;
}

const factRow = (label: string, text: string) =>
  html`<tr>
    <td
      class="label"
      valign="top"
      width="150"
      style="${font};font-size:13px;line-height:20px;color:#5b6270;padding:3px 12px 3px 0;width:150px"
    >
      ${label}
    </td>
    <td class="text" valign="top" style="${font};font-size:13px;line-height:20px;color:#1b1e25;padding:3px 0;word-break:break-word">
      ${text}
    </td>
  </tr> `;

function paragraph(title: string, text: string): Markup | string {
  if (!text) return "";
  const head = title
    ? html`<div class="quiet" style="${font};font-size:13px;line-height:20px;font-weight:600;color:#5b6270;padding-top:14px">${title}</div>`
    : "";
  const lines = text.split("\n").map((line, index) => (index === 0 ? line : html`<br />${line}`));
  return html`${head}
    <div class="text" style="${font};font-size:14px;line-height:21px;color:#1b1e25;padding-top:${title ? "2" : "14"}px">${lines}</div> `;
}

const moreRow = ({ texts, more, listLink }: MailModel) =>
  html`<tr>
    <td class="text" style="${font};font-size:14px;line-height:21px;color:#1b1e25;padding:6px 24px 10px">
      ${texts.moreFindings(more)}: <a href="${listLink}">${texts.openFindings}</a>
    </td>
  </tr> `;
