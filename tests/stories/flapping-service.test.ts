/** A service that stops and starts all day: told until it is plain that it comes and goes, and once that it has become calm. */
import { flappingDay } from "@hauswart/simulator/stories/nights-and-days.ts";
import { test } from "bun:test";
import { localMs, StoryHouse, storyMs } from "./support/house.ts";
import { expectReviewed } from "./support/record.ts";

test(
  "ALM-1 MON-1 a service that flaps for a day",
  async () => {
    const house = await StoryHouse.open({
      opensAt: "2027-03-09T07:00",
      tell: (computers) => flappingDay.tell(computers, localMs("2027-03-09T08:42")),
    });
    try {
      await house.liveUntil("2027-03-09T08:30", 3_600);
      await house.liveUntil("2027-03-09T18:00");
      await house.liveUntil("2027-03-10T08:00", 3_600);
    } finally {
      await house.close();
    }
    await expectReviewed(
      {
        name: "flapping-service",
        title: "A service flaps for a day",
        happened:
          "On Tuesday from 08:42 to 16:42 a service of the joinery's server is down for 6 minutes in every 25. Nobody touches it. Then it stays up. The service is looked at every five minutes.",
      },
      house.mails,
    );
  },
  storyMs,
);
