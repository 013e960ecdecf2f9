/** A mail in both its parts. Pure: the clock's time comes with the input. */
import type { CheckRegistry } from "../../services.ts";
import { htmlPart } from "./html-part.ts";
import { mailModel, type MailAbout, type MailModel } from "./mail-model.ts";
import { textPart } from "./text-part.ts";

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes the mail about these findings. */
export function renderMail(checks: CheckRegistry, about: MailAbout): RenderedMail {
  return renderModel(mailModel(checks, about));
}

/** The same for a model that other channels are made from too. */
export function renderModel(model: MailModel): RenderedMail {
  return { subject: model.subject, text: textPart(model), html: htmlPart(model) };
}
