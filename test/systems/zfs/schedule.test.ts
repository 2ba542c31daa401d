import { expect, test } from "vitest";
import { longestGapSeconds } from "../../../src/systems/zfs/schedule.ts";

const daily = { minute: "0", hour: "2", dom: "*", month: "*", dow: "*", begin: "00:00", end: "23:59" };
const [hour, day] = [3600, 86_400];

test.each([
  ["every night", {}, day],
  ["every five minutes", { minute: "*/5", hour: "*" }, 300],
  ["every six hours, at a quarter past", { minute: "15", hour: "*/6" }, 6 * hour],
  ["hourly from nine to five", { hour: "*", begin: "09:00", end: "17:00" }, 16 * hour],
  ["hourly over midnight", { hour: "*", begin: "22:00:00", end: "02:00:00" }, 20 * hour],
  ["at two times", { hour: "3,4" }, 23 * hour],
  ["on Sundays", { dow: "7" }, 7 * day],
  ["on Sundays, as 0", { dow: "0" }, 7 * day],
  ["on working days, by name", { dow: "mon-fri" }, 3 * day],
  ["on the first of a month", { dom: "1" }, 31 * day],
  ["on the 31st", { dom: "31" }, 61 * day],
  ["in January and July", { dom: "1", month: "jan,7" }, 184 * day],
  ["on leap days", { dom: "29", month: "2" }, 1461 * day],
  ["never: the 31st of February", { dom: "31", month: "2" }, null],
  ["never: outside its part of the day", { begin: "10:00", end: "11:00" }, null],
  ["what can't be read", { hour: "x" }, null],
])("%s", (_, changed, seconds) => {
  expect(longestGapSeconds({ ...daily, ...changed })).toBe(seconds);
});
