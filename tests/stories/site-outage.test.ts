/** A site that is cut off over night: told once for the site, by its cause, and once that it is back. */
import { siteOutageOvernight } from "@hauswart/simulator/stories/nights-and-days.ts";
import { test } from "bun:test";
import { localMs, StoryHouse, storyMs } from "./support/house.ts";
import { expectReviewed } from "./support/record.ts";

test(
  "ALM-1 ALM-4 a site that is without internet over night",
  async () => {
    const house = await StoryHouse.open({
      opensAt: "2027-03-09T07:00",
      tell: (computers) => siteOutageOvernight.tell(computers, localMs("2027-03-09T22:50")),
    });
    try {
      await house.liveUntil("2027-03-09T22:45", 3_600);
      await house.liveUntil("2027-03-09T23:15", 30);
      // The second on call has called the line's provider, and says so.
      await house.acknowledgeByMail("on-call@systemhaus.example");
      await house.liveUntil("2027-03-09T23:17", 30);
      await house.liveUntil("2027-03-10T05:45", 3_600);
      await house.liveUntil("2027-03-10T06:00", 30);
      await house.liveUntil("2027-03-10T07:00");
      await house.liveUntil("2027-03-10T09:30", 3_600);
    } finally {
      await house.close();
    }
    await expectReviewed(
      {
        name: "site-outage",
        title: "A site is cut off over night",
        happened:
          "On Tuesday at 21:50 two of the joinery's three workstations are shut down, at 22:50 the line of the site fails; the third and the server go on without it. At 23:15 the second on call confirms the alarm by the link in the mail. At 05:50 the line is back; at 06:50 the workstations are started. Quiet hours are from 22:00 to 06:00.",
      },
      house.mails,
    );
  },
  storyMs,
);
