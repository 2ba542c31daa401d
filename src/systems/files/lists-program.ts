import { bootOf } from "../shell/boot.ts";

/**
 * Prints the entries of one filesystem that have access lists, or every entry (docs/decisions/0024 says why in Python). Folders
 * are entered one by one without following a link; what is mounted inside is known from the kernel's table and not even
 * looked at, so that a mount that hangs is no matter.
 *
 * A record, ended by NUL, is the lists in hexadecimal ("access:…,default:…", "nfs4:…", "-" for none), a space, and what
 * the table's `walk` prints of the entry. An empty one says every now and then that it is still at work.
 */
export const listsProgram = String.raw`
import errno, os, re, resource, stat, sys

every, tree = sys.argv[1] == "every", os.fsencode(sys.argv[3])
kinds = {
    "system.posix_acl_access": "access",
    "system.posix_acl_default": "default",
    "system.nfs4_acl_xdr": "nfs4",
}
letters = {
    stat.S_IFREG: b"f",
    stat.S_IFDIR: b"d",
    stat.S_IFLNK: b"l",
    stat.S_IFBLK: b"b",
    stat.S_IFCHR: b"c",
    stat.S_IFIFO: b"p",
    stat.S_IFSOCK: b"s",
}
flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK
names_of, out = os.listxattr, sys.stdout.buffer
seen = missed = 0


def unescaped(path):
    return re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal.group(1), 8)]), path)


mounted = {}
with open("/proc/self/mountinfo", "rb") as table:
    for line in table:
        folder, _, name = unescaped(line.split(b" ")[4]).rpartition(b"/")
        mounted.setdefault(folder, set()).add(name)


def lists_of(name, keys):
    found = []
    for key in keys:
        if key in kinds:
            try:
                found.append("%s:%s" % (kinds[key], os.getxattr(name, key, follow_symlinks=False).hex()))
            except OSError as error:
                # OpenZFS names them for every entry.
                if error.errno != errno.ENODATA:
                    raise
    return ",".join(found).encode()


def tell(name, keys, folder):
    lists = lists_of(name, keys)
    if lists or every:
        s = os.lstat(name)
        kind, mode = letters.get(stat.S_IFMT(s.st_mode), b"?"), stat.S_IMODE(s.st_mode)
        facts = (lists or b"-", kind, mode, s.st_uid, s.st_gid, s.st_dev, s.st_ino, s.st_nlink, folder, name)
        out.write(b"%s %s%o %d %d %d %d %d %s/%s\0" % facts)


# Runs for each of perhaps millions: nothing is done that most do not need.
def look(names, folder):
    global seen, missed
    for name in names:
        seen += 1
        if seen % 500 == 0:
            out.write(b"\0")
            out.flush()
        try:
            keys = names_of(name, follow_symlinks=False)
            if keys or every:
                tell(name, keys, folder)
        except OSError as error:
            missed += error.errno != errno.ENOENT


def read(folder, path):
    os.fchdir(folder)
    hidden, inner = mounted.get(path, ()), []

    def names():
        with os.scandir(b".") as entries:
            for entry in entries:
                if entry.name not in hidden:
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(entry.name)
                    yield entry.name

    look(names(), path)
    return inner


def enter(above, name):
    return os.open(name, flags, dir_fd=above)


# One open folder for each step down.
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
*above, last = [name for name in tree.split(b"/") if name]
here = os.open("/", flags)
for name in above:
    here = enter(here, name)
os.fchdir(here)
try:
    names_of(last, follow_symlinks=False)
except OSError as error:
    # A filesystem without attributes has no lists.
    if error.errno == errno.ENOTSUP:
        names_of = lambda name, follow_symlinks: []
look([last], tree.rpartition(b"/")[0])
waiting = [(here, b"", [last] if stat.S_ISDIR(os.lstat(last).st_mode) else [])]
device = None
while waiting:
    folder, path, inner = waiting[-1]
    if not inner:
        os.close(folder)
        waiting.pop()
        continue
    name, rest = inner.pop(), []
    below = path + b"/" + name if path else tree
    try:
        fd = enter(folder, name)
        waiting.append((fd, below, rest))
        device = device or os.fstat(fd).st_dev
        if os.fstat(fd).st_dev == device:
            rest.extend(read(fd, below))
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise
        missed += error.errno != errno.ENOENT
out.flush()
sys.exit(3 if missed else 0)
`;

export const listsBoot = bootOf(listsProgram);
