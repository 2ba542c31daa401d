interface PlayedScan {
  function: "SCRUB" | "RESILVER";
  state: "SCANNING" | "FINISHED" | "CANCELED";
  start_time: number;
  end_time: number;
  scrub_pause: number;
}

/** An answer that is an error in the words of OpenZFS 2.3. */
export class No extends Error {}

/** The pool "tank", a mirror of two disks with another one beside it. A scrub goes on until `finish` ends it. */
export class PlayedPool {
  now = 1_795_000_000;
  state = "ONLINE";
  scan: PlayedScan | null = null;
  leaves = [
    { guid: "266065464696500561", device: "/dev/disk/by-id/ata-A", state: "ONLINE" },
    { guid: "11804323734698902028", device: "/dev/disk/by-id/ata-B", state: "ONLINE" },
  ];
  spares = ["ata-C"];

  /** Ends the scrub that runs. */
  finish(): void {
    if (this.scan) Object.assign(this.scan, { state: "FINISHED", end_time: ++this.now });
  }

  zpool([verb = "", flag = ""]: readonly string[], [pool = "", guid = "", device = ""]: readonly string[]): string {
    if (verb === "list") return "tank\t10989346414645424061\tONLINE\t8000\t6000\t2000\t17\t75\t-\n";
    if (verb === "status") return this.#status();
    if (pool !== "tank") throw new No(`cannot open '${pool}': no such pool`);
    if (verb === "scrub") return this.#scrub(flag);
    const leaf = this.leaves.find((one) => one.guid === guid);
    if (leaf === undefined) throw new No(`cannot ${verb} ${guid}: no such device in pool`);
    if (verb === "replace") return this.#replace(leaf, device);
    if (verb === "offline" && this.leaves.some((one) => one !== leaf && one.state !== "ONLINE"))
      throw new No(`cannot offline ${guid}: no valid replicas`);
    leaf.state = verb === "offline" ? "OFFLINE" : "ONLINE";
    this.state = this.leaves.every(({ state }) => state === "ONLINE") ? "ONLINE" : "DEGRADED";
    return "";
  }

  #scrub(flag: string): string {
    const { scan } = this;
    const running = scan?.state === "SCANNING" && scan.function === "SCRUB";
    if (scan?.state === "SCANNING" && scan.function === "RESILVER")
      throw new No("cannot scrub tank: currently resilvering");
    if (flag === "-s" || flag === "-p") {
      if (!running || (flag === "-p" && scan.scrub_pause > 0))
        throw new No(`cannot ${flag === "-s" ? "cancel" : "pause"} scrubbing tank: there is no active scrub`);
      if (flag === "-p") scan.scrub_pause = ++this.now;
      else Object.assign(scan, { state: "CANCELED", end_time: ++this.now });
      return "";
    }
    if (running && scan.scrub_pause === 0)
      throw new No("cannot scrub tank: currently scrubbing; use 'zpool scrub -s' to cancel scrub");
    if (running) scan.scrub_pause = 0;
    else this.scan = { function: "SCRUB", state: "SCANNING", start_time: ++this.now, end_time: 0, scrub_pause: 0 };
    return "";
  }

  #replace(leaf: PlayedPool["leaves"][number], device: string): string {
    const name = device.replace("/dev/disk/by-id/", "");
    if (!this.spares.includes(name)) throw new No(`cannot replace ${leaf.guid} with ${device}: no such device in pool`);
    Object.assign(leaf, { device, guid: "7300000000000000001", state: "ONLINE" });
    this.spares = this.spares.filter((one) => one !== name);
    this.state = "ONLINE";
    this.now += 1;
    this.scan = { function: "RESILVER", state: "FINISHED", start_time: this.now, end_time: this.now, scrub_pause: 0 };
    return "";
  }

  #status(): string {
    const none = { read_errors: 0, write_errors: 0, checksum_errors: 0 };
    const leaf = ({ guid, device, state }: PlayedPool["leaves"][number]) => {
      const vdev = { name: `${device}-part1`, guid, class: "normal", path: `${device}-part1`, state, ...none };
      return [vdev.name, vdev];
    };
    const mirror = { name: "mirror-0", guid: "3611555577755859472", class: "normal", state: this.state, ...none };
    const root = { name: "tank", guid: "10989346414645424061", class: "normal", state: this.state, ...none };
    const vdevs = {
      tank: { ...root, vdevs: { "mirror-0": { ...mirror, vdevs: Object.fromEntries(this.leaves.map(leaf)) } } },
    };
    const scan_stats = this.scan && {
      ...this.scan,
      to_examine: 1000,
      skipped: 0,
      processed: 0,
      issued: 400,
      issued_bytes_per_scan: 0,
    };
    const tank = { name: "tank", state: this.state, vdevs, error_count: 0, ...(scan_stats && { scan_stats }) };
    return JSON.stringify({ pools: { tank } });
  }
}
