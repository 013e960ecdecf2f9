import { useTexts } from "../../texts/texts.tsx";

/** What was done and to what, in words; the code itself for what an older or newer version wrote. */
export function useAuditWords(): { readonly action: (code: string) => string; readonly subject: (kind: string) => string } {
  const { actionWords, subjectWords }: { actionWords: Record<string, string>; subjectWords: Record<string, string> } = useTexts().audit;
  return { action: (code) => actionWords[code] ?? code, subject: (kind) => subjectWords[kind] ?? kind };
}
