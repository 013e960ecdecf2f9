/** Counted things, "1 Gerät", "1.234 Geräte", with the number as the language writes it. */
export function countIn(locale: string) {
  const format = new Intl.NumberFormat(locale);
  return (amount: number, one: string, other: string) => `${format.format(amount)} ${amount === 1 ? one : other}`;
}
