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
  process: "4711/cgroup",
  limitFile: `memory/docker/${"ab12".repeat(16)}/memory.limit_in_bytes`,
  throttleFile: `blkio/docker/${"ab12".repeat(16)}/blkio.throttle.write_bps_device`,
  throttle: "254:0 1048576",
  ioMaxFile: `system.slice/docker-${"ab12".repeat(16)}.scope/io.max`,
  ioMax: "8:16 rbps=500000000 wbps=max",
  driver: "auto",
  params: ["[]", '{"extra":{"it\'s":"\u{1f600} \\"quoted\\""}}'],
};
