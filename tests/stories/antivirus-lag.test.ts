/** Signatures that stop on the Friday evening before Easter: holidays are no working days, so nobody is told before they are two working days old. */
import { antivirusLag } from "@hauswart/simulator/stories/nights-and-days.ts";
import { test } from "bun:test";
import { localMs, StoryHouse, storyMs } from "./support/house.ts";
import { expectReviewed } from "./support/record.ts";

test(
  "AV-3 AV-4 antivirus signatures that stop before Easter",
  async () => {
    const house = await StoryHouse.open({
      opensAt: "2027-03-26T07:00",
      tell: (computers) => antivirusLag.tell(computers, localMs("2027-03-26T18:00")),
    });
    try {
      await house.liveUntil("2027-03-31T23:00", 10_800);
      await house.liveUntil("2027-04-01T01:00");
      await house.liveUntil("2027-04-01T17:30", 3_600);
      await house.liveUntil("2027-04-01T20:00");
      await house.liveUntil("2027-04-02T08:00", 10_800);
    } finally {
      await house.close();
    }
    await expectReviewed(
      {
        name: "antivirus-lag",
        title: "Antivirus signatures stop on the Friday evening before Easter",
        happened:
          "On Good Friday, 26 March 2027, at 18:00 the computers of the joinery get their last antivirus signatures; new ones come on Thursday, 1 April, at 18:00. 26 and 29 March are holidays in Bavaria. On 28 March clocks go forward.",
      },
      house.mails,
    );
  },
  storyMs,
);
