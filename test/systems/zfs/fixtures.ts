/** Output as OpenZFS 2.2 prints it, TZ=UTC: written for these tests after zpool-status(8) and its source. */

const tree = (
  mirror: string,
  a: string,
  b: string,
  gone: string,
  spare: string,
  log: string,
  cache: string,
) => `\tNAME                                     STATE     READ WRITE CKSUM
\ttank                                     DEGRADED     0     0     0
\t  ${mirror}                               DEGRADED     0     0     0
\t    ${a}  ONLINE       0     0   136
\t    spare-1                              DEGRADED     0     0     0
\t      ${gone}             UNAVAIL      3     1     0  was /dev/disk/by-id/ata-GONE-part1
\t      ${b}  ONLINE       0     0     0  (resilvering)
\tspecial\t
\t  mirror-1                               ONLINE       0     0     0
\t    /dev/nvme0n1p2                       ONLINE       0     0     0
\t    /dev/nvme1n1p2                       ONLINE       0     0     0
\tlogs\t
\t  ${log}                       ONLINE       0     0     0
\tcache
\t  ${cache}                       ONLINE       0     0     0
\tspares
\t  ${spare}  INUSE     currently in use`;

export const degraded = `  pool: tank
 state: DEGRADED
status: One or more devices is currently being resilvered.  The pool will
\tcontinue to function, possibly in a degraded state.
action: Wait for the resilver to complete.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-9P
  scan: resilver in progress since Sun Nov 22 10:00:00 2026
\t1.20T / 4.00T scanned at 1.50G/s, 800G / 4.00T issued at 1.00G/s
\t780G resilvered, 19.53% done, 1 days 00:53:20 to go
config:

${tree("mirror-0", "/dev/disk/by-id/ata-A-part1", "/dev/disk/by-id/ata-S-part1", "17338413593012835318", "/dev/disk/by-id/ata-S-part1", "/dev/nvme2n1p1", "/dev/nvme3n1p1")}

errors: 3 data errors, use '-v' for a list
`;

/** The same tree with guids only. */
export const degradedGuids = degraded
  .replace("mirror-0", "3611555577755859472")
  .replace("spare-1", "17287560001915723003")
  .replace("mirror-1", "9972586528404862469")
  .replaceAll("/dev/disk/by-id/ata-A-part1", "266065464696500561")
  .replaceAll("/dev/disk/by-id/ata-S-part1", "11804323734698902028")
  .replace("/dev/nvme0n1p2", "8577523717831407971")
  .replace("/dev/nvme1n1p2", "11824644888393153231")
  .replace("/dev/nvme2n1p1", "5418300694568662065")
  .replace("/dev/nvme3n1p1", "5418300694568662066");

export const links = new Map([
  ["by-id/ata-A-part1", "sda1"],
  ["by-id/ata-S-part1", "sdz1"],
]);

const leaf = (name: string, guid: string, more: object) =>
  `"${name}":${JSON.stringify({ name, vdev_type: "disk", class: "normal", state: "ONLINE", ...more }).replace("{", `{"guid":${guid},`)}`;
const none = { read_errors: 0, write_errors: 0, checksum_errors: 0 };

/** What OpenZFS 2.3 prints of the very same pool with `-j --json-int -P -p`. */
export const degradedJson = `{"output_version":{"command":"zpool status","vers_major":0,"vers_minor":1},"pools":{"tank":{"name":"tank",
"state":"DEGRADED","pool_guid":10989346414645424061,"status":"One or more devices is being resilvered.\\n",
"scan_stats":{"function":"RESILVER","state":"SCANNING","start_time":1795341600,"end_time":0,"to_examine":4398046511104,
"examined":1319413953331,"skipped":0,"processed":837518622720,"errors":0,"bytes_per_scan":0,"pass_start":1795341600,
"scrub_pause":0,"scrub_spent_paused":0,"issued_bytes_per_scan":858938483618,"issued":858938483618},
"vdevs":{"tank":{"name":"tank","vdev_type":"root","guid":10989346414645424061,"class":"normal","state":"DEGRADED",
"read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{"mirror-0":{"name":"mirror-0","vdev_type":"mirror",
"guid":3611555577755859472,"class":"normal","state":"DEGRADED","read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{
${leaf("/dev/disk/by-id/ata-A-part1", "266065464696500561", { ...none, path: "/dev/disk/by-id/ata-A-part1", checksum_errors: 136 })},
"spare-1":{"name":"spare-1","vdev_type":"spare","guid":17287560001915723003,"class":"normal","state":"DEGRADED",
"read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{
${leaf("17338413593012835318", "17338413593012835318", { state: "UNAVAIL", not_present: 1, was: "/dev/disk/by-id/ata-GONE-part1", read_errors: 3, write_errors: 1, checksum_errors: 0 })},
${leaf("/dev/disk/by-id/ata-S-part1", "11804323734698902028", { ...none, class: "spare", path: "/dev/disk/by-id/ata-S-part1" })}}}}}}}},
"special":{"mirror-1":{"name":"mirror-1","vdev_type":"mirror","guid":9972586528404862469,"class":"special","state":"ONLINE",
"read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{
${leaf("/dev/nvme0n1p2", "8577523717831407971", { ...none, class: "special", path: "/dev/nvme0n1p2" })},
${leaf("/dev/nvme1n1p2", "11824644888393153231", { ...none, class: "special", path: "/dev/nvme1n1p2" })}}}},
"logs":{${leaf("/dev/nvme2n1p1", "5418300694568662065", { ...none, class: "log", path: "/dev/nvme2n1p1" })}},
"l2cache":{${leaf("/dev/nvme3n1p1", "5418300694568662066", { ...none, class: "l2cache", path: "/dev/nvme3n1p1" })}},
"spares":{${leaf("/dev/disk/by-id/ata-S-part1", "11804323734698902028", { class: "spare", state: "INUSE", path: "/dev/disk/by-id/ata-S-part1" })}},
"error_count":3}}}`;
