import { bootOf } from "../shell/boot.ts";

/**
 * Sets owners and modes of a list of entries, on their own machine (docs/decisions/0021 says why in Python). Each is
 * reached from the tree's folder step by step without following a link or leaving its filesystem, and held open while
 * it is compared and changed, so that no other can take its place in between.
 *
 * Reads the list from stdin: the tree's device and inode, then for each entry inode, type, owner, group and mode as they
 * were, the three as they shall be, and its path below the tree. Modes in octal; each ended by NUL. Prints what it found as JSON.
 * Nothing is changed unless every entry is as the list has it: "forth" from old to new, "back" whatever is new to old. Forth,
 * a few may be gone: databases and many apps remove files of theirs when they are stopped, which is done for the change.
 */
export const ownersProgram = String.raw`
import json, os, stat, sys

mode, tree = sys.argv[1], os.fsencode(sys.argv[3])
head, *records = sys.stdin.buffer.read().split(b"\0")[:-1]
device, inode = (int(word) for word in head.split())
flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
letters = {stat.S_IFREG: b"f", stat.S_IFDIR: b"d", stat.S_IFLNK: b"l", stat.S_IFIFO: b"p", stat.S_IFSOCK: b"s"}


class Other(Exception):
    pass


class Replaced(Other):
    pass


def enter(at, names):
    here = os.dup(at)
    for name in names:
        inner = os.open(name, flags, dir_fd=here)
        os.close(here)
        here = inner
    return here


def on_device(fd):
    if os.fstat(fd).st_dev != device:
        raise Other
    return fd


class Tree:
    def __init__(self):
        self.root = on_device(enter(os.open("/", flags), [name for name in tree.split(b"/") if name]))
        if os.fstat(self.root).st_ino != inode:
            raise Other
        self.path, self.folder = b"", os.dup(self.root)

    def open(self, path):
        above, _, name = path.rpartition(b"/")
        if above != self.path:
            os.close(self.folder)
            self.path, self.folder = None, os.dup(self.root)
            for step in above.split(b"/") if above else []:
                inner = os.open(step, flags, dir_fd=self.folder)
                os.close(self.folder)
                self.folder = inner
                on_device(inner)
            self.path = above
        return os.open(name or b".", os.O_PATH | os.O_NOFOLLOW, dir_fd=self.folder)


class Entry:
    def __init__(self, record):
        number, self.type, *words = record.split(b" ", 8)
        self.path = words.pop()
        self.number = int(number)
        uid, gid, bits, new_uid, new_gid, new_bits = words
        self.old = (int(uid), int(gid), int(bits, 8))
        self.new = (int(new_uid), int(new_gid), int(new_bits, 8))

    def look(self, here):
        fd = here.open(self.path)
        found = os.fstat(on_device(fd))
        same = found.st_ino == self.number and letters.get(stat.S_IFMT(found.st_mode)) == self.type
        if not same or (self.type != b"d" and found.st_nlink > 1):
            os.close(fd)
            raise Other if same else Replaced
        return fd, (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode))

    def stands(self, state):
        if self.type == b"l":
            state, old, new = state[:2], self.old[:2], self.new[:2]
        else:
            old, new = self.old, self.new
        if state == old:
            return "before"
        if state == new:
            return "after"
        # Between chown, which takes setuid and setgid away, and chmod.
        halfway = state[:2] in (old[:2], new[:2]) and state[2] in (old[2], new[2], old[2] & ~0o6000)
        return "halfway" if self.type != b"l" and halfway else "other"

    def set(self, fd, to):
        link = "/proc/self/fd/%d" % fd
        os.chown(link, to[0], to[1])
        # Only where it is another one by now: to set a mode rewrites an NFSv4 access list.
        if self.type != b"l" and stat.S_IMODE(os.fstat(fd).st_mode) != to[2]:
            os.chmod(link, to[2])


def survey(here, entries):
    counts = {"before": 0, "after": 0, "halfway": 0, "gone": 0, "replaced": 0, "other": 0}
    for entry in entries:
        try:
            fd, state = entry.look(here)
            os.close(fd)
            counts[entry.stands(state)] += 1
        except FileNotFoundError:
            counts["gone"] += 1
        except Replaced:
            counts["replaced"] += 1
        except (OSError, Other):
            counts["other"] += 1
    return counts


def change(here, entries, wanted, to):
    changed = left = gone = 0
    for entry in entries:
        try:
            fd, state = entry.look(here)
            try:
                if entry.stands(state) in wanted:
                    entry.set(fd, getattr(entry, to))
                    changed += 1
                elif mode == "forth":
                    raise Other
                elif entry.stands(state) == "other":
                    left += 1
            finally:
                os.close(fd)
        except (OSError, Other) as error:
            if mode == "back":
                left += 1
            elif isinstance(error, FileNotFoundError) and gone < few:
                gone += 1
            else:
                return changed, 1
    return changed, left


entries = [Entry(record) for record in records]
# More is no app that tidies up: a folder was moved.
few = 16 + len(entries) // 100
begun = False
try:
    here = Tree()
    counts = survey(here, entries)
    changed = left = 0
    begun = mode == "forth" and counts["before"] + counts["gone"] == len(entries) and counts["gone"] <= few
    if begun:
        changed, left = change(here, entries, ("before",), "new")
    if mode == "back":
        changed, left = change(here, entries[::-1], ("after", "halfway"), "old")
except (OSError, Other):
    counts = {"before": 0, "after": 0, "halfway": 0, "gone": 0, "replaced": 0, "other": len(entries)}
    changed, left = 0, len(entries)
print(json.dumps(dict(counts, changed=changed, left=left, begun=begun)))
`;

export const ownersBoot = bootOf(ownersProgram);
