/** What holds of flapping where no policy says anything about it. In a file of its own, because the console shows it. */

/**
 * Whoever gets the third alarm of the same thing within four hours wants to hear that it comes and goes, and afterwards that it has
 * stopped; not of each coming and going. Counted over hours, because what flaps every half hour is as tiring as what flaps every minute.
 */
export const usualFlapping = Object.freeze({ openings: 2, withinMinutes: 240, calmMinutes: 60 });
