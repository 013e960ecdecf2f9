/** A mail in both its parts. Pure: the clock's time comes with the input. */
import type { CheckRegistry } from "../../services.ts";
import { htmlPart } from "./html-part.ts";
import { mailModel, type MailAbout } from "./mail-model.ts";
import { textPart } from "./text-part.ts";

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes the mail about these findings. */
export function renderMail(checks: CheckRegistry, about: MailAbout): RenderedMail {
  const model = mailModel(checks, about);
  return { subject: model.subject, text: textPart(model), html: htmlPart(model) };
}
