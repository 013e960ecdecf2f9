/** Which of two versions is the newer one: Semantic Versioning 2.0.0, section 11. What stands behind a plus sign tells builds apart and has no order. */

const form = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Whether a text is a version. */
export const isVersion = (text: string): boolean => text.length <= 40 && form.test(text);

/**
 * @returns less than 0 when the first is older, more when it is newer, 0 when neither is.
 * @throws RangeError when one of them is no version
 */
export function compareVersions(one: string, other: string): number {
  const first = form.exec(one);
  const second = form.exec(other);
  if (!first || !second) throw new RangeError(`"${first ? other : one}" is no version`);
  for (const place of [1, 2, 3]) {
    const difference = Number(first[place]) - Number(second[place]);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(first[4], second[4]);
}

/** A version before its release is older than the release. */
function comparePreReleases(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  const firsts = one.split(".");
  const seconds = other.split(".");
  for (let index = 0; index < Math.min(firsts.length, seconds.length); index++) {
    const difference = compareIdentifiers(firsts[index]!, seconds[index]!);
    if (difference !== 0) return difference;
  }
  return firsts.length - seconds.length;
}

/** Numbers count as numbers and come before words. */
function compareIdentifiers(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return Number(one) - Number(other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
