import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";
import { No, PlayedPool } from "./played-pool.ts";

interface PlayedSnapshot {
  dataset: string;
  name: string;
  guid: string;
  txg: number;
  created: number;
  used: number;
  referenced: number;
  written: number;
  holds: string[];
}

interface PlayedDataset {
  name: string;
  type: "filesystem" | "volume";
  guid: string;
  created: number;
  origin: string;
  referenced: number;
  /** Since the newest snapshot. */
  written: number;
}

/**
 * A machine with one pool, "tank", a mirror of two disks, that remembers what `zpool` and `zfs` do to it and says no in
 * OpenZFS's own words. Times are in seconds.
 */
export class PlayedZfs {
  get now() {
    return this.tank.now;
  }
  txg = 100;
  tank = new PlayedPool();
  datasets: PlayedDataset[] = [];
  snapshots: PlayedSnapshot[] = [];
  /** Their transactions, by name: "tank/data#sent". */
  bookmarks = new Map<string, number>();
  /** Every command that was given, without its program. */
  commands: string[] = [];
  /** Called with a command before it runs, and after: to throw, or to do something of one's own. */
  before = (_command: string): void => {};
  after = (_command: string): void => {};
  #guid = 5_000_000_000_000_000_000n;

  constructor() {
    for (const name of ["tank", "tank/data", "tank/data/sub", "tank/vm"]) this.addDataset(name);
  }

  addDataset(name: string, origin = "-"): PlayedDataset {
    const type = name.endsWith("vm") ? "volume" : "filesystem";
    const made = { name, type, guid: this.#next(), created: this.now, origin, referenced: 98_304, written: 0 } as const;
    this.datasets.push({ ...made });
    return this.dataset(name);
  }

  dataset(name: string): PlayedDataset {
    const found = this.datasets.find((one) => one.name === name);
    if (found === undefined) throw new No(`cannot open '${name}': dataset does not exist`);
    return found;
  }

  snapshot(id: string): PlayedSnapshot {
    const found = this.snapshots.find((one) => `${one.dataset}@${one.name}` === id);
    if (found === undefined) throw new No(`cannot open '${id}': dataset does not exist`);
    return found;
  }

  /** Writes to a dataset. */
  write(name: string, bytes: number): void {
    const dataset = this.dataset(name);
    dataset.written += bytes;
    dataset.referenced += bytes;
  }

  shells() {
    const runner = playedRunner(async (argv) => this.#answer(argv));
    return { reading: shellOver(runner, readingCommands), changing: shellOver(runner, changingCommands) };
  }

  #answer([program = "", ...words]: readonly string[]): Played {
    const command = words.filter((word) => word !== "--").join(" ");
    const is = program.replace(/^.*\//, "");
    const line = `${is} ${command}`;
    this.commands.push(line);
    this.before(line);
    try {
      const operands = words.includes("--") ? words.slice(words.indexOf("--") + 1) : [];
      const stdout = is === "zfs" ? this.zfs(words, operands) : is === "zpool" ? this.tank.zpool(words, operands) : "";
      this.after(line);
      return { stdout };
    } catch (error) {
      if (error instanceof No) return { stderr: `${error.message}\n`, code: 1 };
      throw error;
    }
  }

  zfs(words: readonly string[], operands: readonly string[]): string {
    const [first = "", second = ""] = operands;
    switch (
      words.find((word) => /^(?:version|list|get|holds|destroy|snapshot|hold|release|clone|rollback)$/.test(word))
    ) {
      case "version":
        return "zfs-2.3.9-1\nzfs-kmod-2.3.9-1\n";
      case "list":
        return this.#list(words, operands);
      case "get":
        return this.#get(this.dataset(second));
      case "holds":
        return this.snapshot(first)
          .holds.map((tag) => `${first}\t${tag}\tSun Nov 22 10:00 2026\n`)
          .join("");
      case "destroy":
        return words.includes("-n") ? this.#wouldFree(first) : this.#destroy(first);
      case "snapshot":
        return this.#take(first, words.includes("-r"));
      case "hold": {
        const { holds } = this.snapshot(second);
        if (holds.includes(first)) throw new No(`cannot hold snapshot '${second}': tag already exists on this dataset`);
        holds.push(first);
        return "";
      }
      case "release": {
        const snapshot = this.snapshot(second);
        if (!snapshot.holds.includes(first))
          throw new No(`cannot release hold from snapshot '${second}': no such tag on this dataset`);
        snapshot.holds = snapshot.holds.filter((tag) => tag !== first);
        return "";
      }
      case "clone":
        this.snapshot(first);
        if (this.datasets.some(({ name }) => name === second))
          throw new No(`cannot create '${second}': dataset already exists`);
        this.addDataset(second, first);
        return "";
      case "rollback":
        return this.#rollback(first);
    }
    throw new Error(`this machine can't play ${words.join(" ")}`);
  }

  #list(words: readonly string[], [operand]: readonly string[]): string {
    if (words.includes("filesystem,volume"))
      return this.datasets
        .map(({ name, type, created, referenced, origin }) => {
          const inSnapshots = this.#of(name).reduce((sum, { used }) => sum + used, 0);
          return `${name}\t${type}\t${referenced}\t9000000\t${referenced}\t${inSnapshots}\t0\t0\tlz4\t1.00\t/${name}\toff\toff\t-\t${origin}\t${created}\n`;
        })
        .join("");
    if (words.includes("bookmark"))
      return [...this.bookmarks]
        .filter(([name]) => name.startsWith(`${operand}#`))
        .map(([name, txg]) => `${name}\t${txg}\n`)
        .join("");
    if (operand !== undefined && !operand.includes("@")) this.dataset(operand);
    const wanted = operand?.includes("@")
      ? [this.snapshot(operand)]
      : this.snapshots.filter((one) => operand === undefined || one.dataset === operand);
    return wanted
      .map((one) => {
        const id = `${one.dataset}@${one.name}`;
        const columns = [
          id,
          one.guid,
          one.created,
          one.used,
          one.referenced,
          one.holds.length,
          this.#clones(id).join(",") || "-",
        ];
        const more = words.includes("createtxg") ? [one.txg, one.written] : [];
        return `${[...columns, ...more].join("\t")}\n`;
      })
      .join("");
  }

  #get({ name, type, guid, created, origin, referenced, written }: PlayedDataset): string {
    const all = { type, creation: created, guid, referenced, written, ...(origin !== "-" && { origin }) };
    return Object.entries(all)
      .map(([key, value]) => `${name}\t${key}\t${value}\t-\n`)
      .join("");
  }

  #take(id: string, recursive: boolean): string {
    const [root = "", own = ""] = id.split("@");
    const on = [this.dataset(root), ...this.datasets.filter(({ name }) => recursive && name.startsWith(`${root}/`))];
    for (const { name } of on)
      if (this.snapshots.some((one) => one.dataset === name && one.name === own))
        throw new No(`cannot create snapshot '${name}@${own}': dataset already exists`);
    this.txg += 1;
    this.tank.now += 1;
    for (const dataset of on) {
      const { name, referenced, written } = dataset;
      const taken = { guid: this.#next(), txg: this.txg, created: this.now, used: 0, referenced, written, holds: [] };
      this.snapshots.push({ dataset: name, name: own, ...taken });
      dataset.written = 0;
    }
    return "";
  }

  /** What the next one did not write itself would be free: enough to tell several from the sum of each. */
  #wouldFree(names: string): string {
    const [dataset = "", own = ""] = names.split("@");
    const all = own.split(",").map((name) => this.snapshot(`${dataset}@${name}`));
    const lines = all.map(({ name }) => `destroy\t${dataset}@${name}\n`).join("");
    return `${lines}reclaim\t${all.reduce((sum, { used }) => sum + used, 0) + (all.length - 1) * 1_000}\n`;
  }

  #destroy(id: string): string {
    if (!id.includes("@")) {
      const dataset = this.dataset(id);
      if (this.datasets.some(({ name }) => name.startsWith(`${id}/`)) || this.#of(id).length > 0)
        throw new No(`cannot destroy '${id}': filesystem has children`);
      this.datasets = this.datasets.filter((one) => one !== dataset);
      return "";
    }
    const snapshot = this.snapshot(id);
    if (this.#clones(id).length > 0) throw new No(`cannot destroy '${id}': snapshot has dependent clones`);
    if (snapshot.holds.length > 0)
      throw new No(`cannot destroy snapshot ${id}: it's being held. Run 'zfs holds -r ${id}' to see holders.`);
    this.snapshots = this.snapshots.filter((one) => one !== snapshot);
    return "";
  }

  #rollback(id: string): string {
    const snapshot = this.snapshot(id);
    const marks = [...this.bookmarks].filter(([name]) => name.startsWith(`${snapshot.dataset}#`));
    if ([...marks.map(([, txg]) => ({ txg })), ...this.#of(snapshot.dataset)].some(({ txg }) => txg > snapshot.txg))
      throw new No(`cannot rollback to '${id}': more recent snapshots or bookmarks exist`);
    Object.assign(this.dataset(snapshot.dataset), { written: 0, referenced: snapshot.referenced });
    return "";
  }

  #of = (dataset: string) => this.snapshots.filter((one) => one.dataset === dataset);
  #clones = (id: string) => this.datasets.filter(({ origin }) => origin === id).map(({ name }) => name);
  #next = () => String(++this.#guid);
}
