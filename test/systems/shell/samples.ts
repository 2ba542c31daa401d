/** One value for each slot of the table: every command can be written with them. */
export const samples: Readonly<Record<string, string | readonly string[]>> = {
  pool: "tank",
  dataset: "tank/my-films",
  snapshot: "tank/my-films@daily:2026-11-22",
  snapshots: "tank/my-films@daily:2026-11-22,auto_1",
  tag: "home-steward",
  guid: "12345678901234567890",
  byId: "ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0000000",
  disk: "sda",
  driver: "auto",
  params: ["[]", '{"extra":{"it\'s":"\u{1f600} \\"quoted\\""}}'],
};
