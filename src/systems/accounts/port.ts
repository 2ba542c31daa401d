/** A machine's own users and groups. */
export interface MachineAccounts {
  users: { name: string; uid: number; gid: number }[];
  groups: { name: string; gid: number; members: string[] }[];
}

/** A user for one container, with a group of the same name and number; nobody can log in as it. */
export interface OwnAccount {
  /** Begins with "hs-": no other account is ever made or removed. */
  name: string;
  /** uid and gid: 3000 to 59999. */
  id: number;
}

/**
 * A machine's users and groups, read only. Errors (StewardError): those of the shell or of TrueNAS; wrong_answer.
 */
export interface Accounts {
  read(signal?: AbortSignal): Promise<MachineAccounts>;
}

/** What approved steps may do to them. Same errors. */
export interface AccountChanges {
  /** Errors also: conflict (Untouched: the name or the number is taken). */
  create(account: OwnAccount): Promise<void>;
  /**
   * Removes exactly that user and that group, or what is there of them; safe to run twice. Errors also: conflict (one
   * of that name has another number, is still in use, or its group has others in it).
   */
  remove(account: OwnAccount): Promise<void>;
}
