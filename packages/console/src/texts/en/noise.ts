/** The noise budget. */
export const noise = {
  question: "Was this alarm useful?",
  verdicts: { useful: "Useful", noise: "Noise", known: "Known" },
  means: {
    useful: "It was right to tell this",
    noise: "Nobody had to know this",
    known: "This was known already",
  },
  said: (verdict: string) => `Judged: ${verdict}`,
  takenBack: "The verdict is taken back",
  by: (name: string) => `Judged by ${name}`,
  title: "False alarms",
  help: "How often an alarm helped nobody, by check, customer and week. Findings are judged with the keys 1, 2 and 3.",
  weeks: "Time",
  weekCount: (weeks: number) => `last ${weeks} weeks`,
  overTitle: "Over budget",
  over: (count: number, percent: string, weekly: string) =>
    count === 0
      ? `No check has more than ${percent} noise or ${weekly} findings a week.`
      : `More than ${percent} noise, or more than ${weekly} findings a week.`,
  isOver: "over budget",
  propose: "Try a change",
  rules: "By check",
  customers: "By customer",
  byWeek: "By week",
  rule: "Check",
  customer: "Customer",
  week: "Week from",
  findings: "Findings",
  aWeek: "a week",
  share: "Noise",
  notJudged: "not judged",
  none: "There were no findings in this time.",
};
